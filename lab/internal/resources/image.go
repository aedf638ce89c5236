package resources

import (
	"fmt"
	"strconv"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/disk"
)

// Image is what the image a machine runs was made from, as far as the machine tells. The zero value is plain Talos.
type Image struct {
	SecureBoot bool        `json:"secureBoot"`
	Extensions []Extension `json:"extensions"`
}

// Extension is a system extension in an image.
type Extension = disk.Extension

// Check tells what an image cannot be made from.
func (image Image) Check() error {
	names := map[string]bool{}

	for index, extension := range image.Extensions {
		switch {
		case extension.Name == "" || extension.Version == "":
			return fmt.Errorf("extensions[%d]: has no name or no version. Give both, as in {\"name\":\"iscsi-tools\",\"version\":\"v0.2.0\"}", index)
		case extension.Name == schematicExtension:
			return fmt.Errorf("extensions[%d]: %q comes from the installer image's name. Leave it out", index, extension.Name)
		case names[extension.Name]:
			return fmt.Errorf("extensions[%d]: %q is there twice. Give it once", index, extension.Name)
		}

		names[extension.Name] = true
	}

	return nil
}

func imageResources(facts Facts) []resource.Resource {
	security := runtime.NewSecurityStateSpec(runtime.NamespaceName)
	security.TypedSpec().SELinuxState = runtime.SELinuxStatePermissive
	security.TypedSpec().ModuleSignatureEnforced = true
	security.TypedSpec().SecureBoot = facts.Image.SecureBoot
	// Only a unified kernel image can be signed.
	security.TypedSpec().BootedWithUKI = facts.Image.SecureBoot

	return append([]resource.Resource{security}, extensionResources(facts)...)
}

// schematicExtension is the virtual extension that the image factory adds: its version is the schematic id.
const schematicExtension = "schematic"

// extensionResources are the layers of the image in their order: the schematic is the last. It is a part of the name of
// the installer image, so there is none on the boot medium; and it is that of the running system, not of one that was
// installed beside it and not booted yet.
func extensionResources(facts Facts) []resource.Resource {
	layers := []resource.Resource(nil)

	for index, extension := range facts.Image.Extensions {
		status := layer(index)
		status.TypedSpec().Image = strconv.Itoa(index) + ".sqsh"
		status.TypedSpec().Metadata.Name = extension.Name
		status.TypedSpec().Metadata.Version = extension.Version
		status.TypedSpec().Metadata.Author = "Sidero Labs"
		status.TypedSpec().Metadata.Description = fmt.Sprintf("[core] This system extension provides %s.", extension.Name)
		layers = append(layers, status)
	}

	if facts.Schematic == "" {
		return layers
	}

	status := layer(len(layers))
	status.TypedSpec().Image = "schematic.sqsh"
	status.TypedSpec().Metadata.Name = schematicExtension
	status.TypedSpec().Metadata.Version = facts.Schematic
	status.TypedSpec().Metadata.Author = "Image Factory"
	status.TypedSpec().Metadata.Description = "Virtual extension which specifies the schematic of the image built with Image Factory."

	return append(layers, status)
}

func layer(index int) *runtime.ExtensionStatus {
	return runtime.NewExtensionStatus(runtime.NamespaceName, strconv.Itoa(index))
}
