package talos

import (
	"github.com/siderolabs/talos/pkg/machinery/imager/imageropts"
	"go.yaml.in/yaml/v4"
)

// schematicDocument has the fields that the plugin's image-factory client knows, in the order the factory hashes them. Any
// other field is dropped without a word, and the id is then that of another image: also the real plugin's behaviour.
type schematicDocument struct {
	Overlay struct {
		Image   string         `yaml:"image"`
		Name    string         `yaml:"name"`
		Options map[string]any `yaml:"options,omitempty"`
	} `yaml:"overlay,omitempty"`
	Customization struct {
		ExtraKernelArgs []string `yaml:"extraKernelArgs,omitempty"`
		Meta            []struct {
			Key   uint8  `yaml:"key"`
			Value string `yaml:"value"`
		} `yaml:"meta,omitempty"`
		SystemExtensions struct {
			OfficialExtensions []string `yaml:"officialExtensions,omitempty"`
		} `yaml:"systemExtensions,omitempty"`
		Bootloader imageropts.BootloaderKind `yaml:"bootloader,omitempty"`
		SecureBoot struct {
			IncludeWellKnownCertificates bool `yaml:"includeWellKnownCertificates,omitempty"`
		} `yaml:"secureboot,omitempty"`
	} `yaml:"customization"`
}

// canonicalSchematic is the text that the plugin sends to the factory.
func canonicalSchematic(text []byte) ([]byte, error) {
	var document schematicDocument
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}

	return yaml.Marshal(&document)
}
