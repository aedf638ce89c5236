package api_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/labtest"
)

var (
	schematicA = strings.Repeat("a1", 32)
	schematicB = strings.Repeat("b2", 32)
	system     = &common.ContainerdInstance{Driver: common.ContainerDriver_CRI, Namespace: common.ContainerdNamespace_NS_SYSTEM}
)

func factoryImage(schematic, version string) string {
	return "factory.example/metal-installer/" + schematic + ":" + version
}

// installing sets the installer image of a config.
func installing(image string) string { return "machine:\n  install:\n    image: " + image + "\n" }

// pull asks ImageService as talosctl does and returns the name of what is there then. A pull that tells no progress
// found the image there.
func pull(lab *labtest.Lab, via *client.Client, image string) (name string, progress int, err error) {
	stream, err := via.ImageClient.Pull(lab.Context(), &machine.ImageServicePullRequest{Containerd: system, ImageRef: image})
	if err != nil {
		return "", 0, err
	}

	for {
		answer, err := stream.Recv()

		switch {
		case err != nil:
			return "", progress, err
		case answer.GetName() != "":
			return answer.GetName(), progress, nil
		case answer.GetPullProgress().GetLayerId() == "":
			return "", progress, errors.New("progress of no layer")
		}

		progress++
	}
}

// install asks LifecycleService as talosctl does and returns what the installer wrote and its exit code.
func install(lab *labtest.Lab, via *client.Client, image string) (string, int32, error) {
	stream, err := via.LifecycleClient.Upgrade(lab.Context(), upgradeOf(image))
	if err != nil {
		return "", -1, err
	}

	written, code := strings.Builder{}, int32(-1)

	for {
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return written.String(), code, nil
		}

		if err != nil {
			return written.String(), code, err
		}

		written.WriteString(answer.GetProgress().GetMessage())

		if exit, ended := answer.GetProgress().GetResponse().(*machine.LifecycleServiceInstallProgress_ExitCode); ended {
			code = exit.ExitCode
		}
	}
}

func upgradeOf(image string) *machine.LifecycleServiceUpgradeRequest {
	return &machine.LifecycleServiceUpgradeRequest{Containerd: system, Source: &machine.InstallArtifactsSource{ImageName: image}}
}

// pulled pulls and installs an image and expects the exit code.
func pulled(test *testing.T, lab *labtest.Lab, via *client.Client, image string, want int32) string {
	test.Helper()

	if _, _, err := pull(lab, via, image); err != nil {
		test.Fatalf("pull %s: %v", image, err)
	}

	written, code, err := install(lab, via, image)
	if err != nil || code != want {
		test.Fatalf("install %s: exit code %d, %v\n%s", image, code, err, written)
	}

	return written
}

// runs waits until a machine has booted again and runs a version and a schematic.
func runs(test *testing.T, lab *labtest.Lab, host int, before, version, schematic string) {
	test.Helper()

	lab.Eventually(fmt.Sprintf("%s runs %s", lab.Address(host), version), func() error {
		boot := lab.Machine(host).Boot()
		if boot == nil || boot.ID == before || !boot.Services.IsUp("apid") || !boot.Services.IsUp("cri") {
			return errors.New("not booted yet")
		}

		if boot.Profile.Tag != version {
			return fmt.Errorf("runs %s", boot.Profile.Tag)
		}

		return nil
	})

	if found := schematicOf(test, lab, host); found != schematic {
		test.Errorf("schematic %q, want %q", found, schematic)
	}
}

func schematicOf(test *testing.T, lab *labtest.Lab, host int) string {
	test.Helper()

	extensions, err := safe.StateListAll[*runtime.ExtensionStatus](lab.Context(), lab.Admin(host).COSI)
	labtest.Must(test, err)

	for extension := range extensions.All() {
		if extension.TypedSpec().Metadata.Name == "schematic" {
			return extension.TypedSpec().Metadata.Version
		}
	}

	return ""
}
