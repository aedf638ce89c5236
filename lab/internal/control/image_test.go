package control_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/labtest"
	"talos-cluster/lab/internal/record"
)

var schematic = strings.Repeat("ab", 32)

// shown is what a machine tells of its image: secure boot, then id, name and version of each extension.
func shown(lab *labtest.Lab, via *client.Client) ([]string, error) {
	security, err := safe.StateGetByID[*runtime.SecurityState](lab.Context(), via.COSI, runtime.SecurityStateID)
	if err != nil {
		return nil, err
	}

	extensions, err := safe.StateListAll[*runtime.ExtensionStatus](lab.Context(), via.COSI)
	if err != nil {
		return nil, err
	}

	lines := []string{fmt.Sprint(security.TypedSpec().SecureBoot)}

	for extension := range extensions.All() {
		metadata := extension.TypedSpec().Metadata
		lines = append(lines, extension.Metadata().ID()+" "+metadata.Name+" "+metadata.Version)
	}

	slices.Sort(lines[1:])

	return lines, nil
}

func TestImage(test *testing.T) {
	lab := labtest.Start(test, 223, "v1.13.0", 11)
	via := connect(test, lab)
	path := "/machines/" + lab.Address(11) + "/image"

	expect := func(via *client.Client, wanted ...string) {
		test.Helper()

		lab.Eventually(fmt.Sprintf("an image %q", wanted), func() error {
			found, err := shown(lab, via)
			if err != nil {
				return err
			}

			if !slices.Equal(found, wanted) {
				return fmt.Errorf("is %q", found)
			}

			return nil
		})
	}
	set := func(body string) {
		test.Helper()

		if code := ask(test, via, http.MethodPost, path, body, &record.Machine{}); code != http.StatusOK {
			test.Fatalf("%s: %d", body, code)
		}
	}

	expect(lab.Insecure(11), "false")
	set(`{"secureBoot":true,"extensions":[{"name":"iscsi-tools","version":"v0.2.0"},{"name":"modules.dep","version":"6.18.22-talos"}]}`)
	expect(lab.Insecure(11), "true", "0 iscsi-tools v0.2.0", "1 modules.dep 6.18.22-talos")

	// The machine has booted again by then, and its installer image has a schematic.
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0",
		"machine:\n  install:\n    image: factory.example/metal-installer/"+schematic+":v1.13.0\n")
	expect(lab.Admin(11), "true", "0 iscsi-tools v0.2.0", "1 modules.dep 6.18.22-talos", "2 schematic "+schematic)

	set(`{"extensions":[]}`)
	expect(lab.Admin(11), "false", "0 schematic "+schematic)
}

func TestImageRefusesWhatIsNone(test *testing.T) {
	lab := labtest.Start(test, 224, "v1.12.0", 11)
	via := connect(test, lab)

	for body, text := range map[string]string{
		`{"extensions":["iscsi-tools"]}`:                                               "body: not an image:",
		`{"extensions":[{"name":"iscsi-tools"}]}`:                                      "extensions[0]: has no name or no version.",
		`{"extensions":[{"name":"schematic","version":"ab"}]}`:                         `extensions[0]: "schematic" comes from the installer image's name.`,
		`{"extensions":[{"name":"drbd","version":"1"},{"name":"drbd","version":"2"}]}`: `extensions[1]: "drbd" is there twice.`,
		`{"secureBoot":true,"extensions":[{"name":"","version":"v0.2.0"}]}`:            "extensions[0]: has no name",
	} {
		refusal := map[string]string{}
		if code := ask(test, via, http.MethodPost, "/machines/"+lab.Address(11)+"/image", body, &refusal); code != http.StatusBadRequest || !strings.Contains(refusal["error"], text) {
			test.Errorf("%s: %d %q", body, code, refusal["error"])
		}
	}

	if image := lab.Machine(11).Image(); image.SecureBoot || len(image.Extensions) > 0 {
		test.Errorf("a refused image was taken: %+v", image)
	}
}
