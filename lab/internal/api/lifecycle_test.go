package api_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"google.golang.org/grpc/codes"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/labtest"
	"talos-cluster/lab/internal/profile"
	"talos-cluster/lab/internal/resources"
)

func TestLifecycleUpgrade(test *testing.T) {
	lab := labtest.Start(test, 230, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0", installing(factoryImage(schematicA, "v1.13.0")))

	target, admin := lab.Machine(11), lab.Admin(11)
	before := target.Boot().ID
	wanted := factoryImage(schematicB, "v1.13.1")

	name, progress, err := pull(lab, admin, wanted)
	labtest.Must(test, err)

	if _, again, err := pull(lab, admin, wanted); progress == 0 || again != 0 || err != nil {
		test.Errorf("progress of the first pull %d, of the second %d, %v", progress, again, err)
	}

	if !strings.HasPrefix(name, "factory.example/metal-installer/"+schematicB+"@sha256:") {
		test.Errorf("pulled as %s", name)
	}

	written, code, err := install(lab, admin, wanted)
	labtest.Must(test, err)

	for _, line := range []string{"running Talos installer v1.13.1\n", "host Talos version: v1.13.0\n", "installation of v1.13.1 complete\n"} {
		if !strings.Contains(written, line) {
			test.Errorf("%q is not in\n%s", line, written)
		}
	}

	if code != 0 || target.Boot().ID != before || target.Boot().Profile.Tag != "v1.13.0" || schematicOf(test, lab, 11) != schematicA {
		test.Errorf("exit code %d; it does more than install: boot %s, Talos %s", code, target.Boot().ID, target.Boot().Profile.Tag)
	}

	_, err = admin.MachineClient.Reboot(lab.Context(), &machine.RebootRequest{})
	labtest.Must(test, err)
	runs(test, lab, 11, before, "v1.13.1", schematicB)

	// To the same version again, by the name with the digest: it installs all the same.
	pulled(test, lab, lab.Admin(11), wanted, 0)

	if _, code, err = install(lab, lab.Admin(11), name); err != nil || code != 0 {
		test.Errorf("by digest: %d, %v", code, err)
	}

	upgrades := lab.Recorder.Report().Machines[0].Upgrades
	if len(upgrades) != 3 || upgrades[0].From != "v1.13.0" || upgrades[0].To != "v1.13.1" || upgrades[0].Schematic != schematicB {
		test.Errorf("recorded %+v", upgrades)
	}
}

func TestLifecycleRefusals(test *testing.T) {
	lab := labtest.Start(test, 231, "v1.13.0", 11)
	image := factoryImage(schematicA, "v1.13.1")

	_, _, err := install(lab, lab.Insecure(11), image)
	said(test, err, codes.PermissionDenied, "not authorized")

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	target, admin := lab.Machine(11), lab.Admin(11)

	_, _, err = install(lab, admin, image)
	said(test, err, codes.Internal,
		fmt.Sprintf("upgrade failed: installer image %q not found in containerd store: image %q: not found", image, image))

	_, _, err = install(lab, admin, "")
	said(test, err, codes.InvalidArgument, "installer image name is required")

	target.Faults.Add(fault.PullFails)
	_, _, err = pull(lab, admin, image)
	said(test, err, codes.NotFound, fmt.Sprintf(
		"error pulling image: failed to pull image %q: failed to resolve reference %q: %s: not found", image, image, image))

	_, _, err = pull(lab, admin, "registry.k8s.io/pause:3.10")
	said(test, err, codes.OK, "")
	target.Faults.Remove(fault.PullFails)

	for name, sample := range map[string]struct {
		image, says string
		fault       fault.Name
	}{
		"too old":      {factoryImage(schematicA, "v1.11.0"), "pre-flight checks failed: host version 1.13.0 is too new to downgrade to Talos 1.11.0\n", ""},
		"not emulated": {factoryImage(schematicA, "v1.14.0"), "upgrades to version 1.14.0 are not supported", ""},
		"no version":   {factoryImage(schematicA, "latest"), "error parsing installer Talos version", ""},
		"preflight":    {image, "pre-flight checks failed: host version 1.13.0 is denied for upgrade to Talos 1.13.1\n", fault.PreflightRefuses},
		"installer":    {image, "failed to install bootloader: ", fault.InstallerFails},
	} {
		target.Faults.Add(sample.fault)

		if written := pulled(test, lab, admin, sample.image, 1); !strings.Contains(written, sample.says) {
			test.Errorf("%s: wrote\n%s", name, written)
		}

		target.Faults.Remove(sample.fault)
	}

	if system := target.Disk.System(); system.Version != "v1.13.0" || system.Other != nil {
		test.Errorf("a refused installation changed the disk: %+v", system)
	}
}

func TestAnInstallationGoesOnWithoutItsCaller(test *testing.T) {
	lab := labtest.Start(test, 232, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	target, admin := lab.Machine(11), lab.Admin(11)
	image := factoryImage(schematicA, "v1.13.1")

	_, _, err := pull(lab, admin, image)
	labtest.Must(test, err)
	target.SetInstallTime(time.Second)

	ctx, leave := context.WithCancel(lab.Context())
	stream, err := admin.LifecycleClient.Upgrade(ctx, upgradeOf(image))
	labtest.Must(test, err)

	_, err = stream.Recv()
	labtest.Must(test, err)
	leave()

	_, _, err = install(lab, admin, image)
	said(test, err, codes.FailedPrecondition, "another installation/upgrade is already in progress")

	lab.Eventually("the installation ends", func() error {
		if target.Disk.System().Version != "v1.13.1" {
			return errors.New("not installed yet")
		}

		return nil
	})
	target.SetInstallTime(0)
	lab.Eventually("another one may begin", func() error {
		_, _, err := install(lab, admin, image)

		return err
	})
}

func TestOnlyOldCallsOn112(test *testing.T) {
	lab := labtest.Start(test, 233, "v1.12.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.0")

	admin := lab.Admin(11)

	_, _, err := pull(lab, admin, factoryImage(schematicA, "v1.13.0"))
	said(test, err, codes.Unimplemented, "unknown service machine.ImageService")

	_, _, err = install(lab, admin, factoryImage(schematicA, "v1.13.0"))
	said(test, err, codes.Unimplemented, "unknown service machine.LifecycleService")
}

func TestImages(test *testing.T) {
	lab := labtest.Start(test, 234, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	admin := lab.Admin(11)
	kubelet := "ghcr.io/siderolabs/kubelet:v1.35.0"

	labtest.Must(test, admin.ImagePull(lab.Context(), system.Namespace, kubelet)) //nolint:staticcheck // what upgrade-k8s calls

	names := func() []string {
		list, err := admin.ImageClient.List(lab.Context(), &machine.ImageServiceListRequest{Containerd: system})
		labtest.Must(test, err)

		found := []string(nil)

		for {
			image, err := list.Recv()
			if err != nil {
				return found
			}

			found = append(found, image.GetName())
		}
	}

	if found := names(); len(found) != 3 || !slices.Contains(found, kubelet) {
		test.Errorf("images %q", found)
	}

	old, err := admin.ImageList(lab.Context(), system.Namespace) //nolint:staticcheck // for people with an old talosctl
	labtest.Must(test, err)

	if image, err := old.Recv(); err != nil || image.GetName() != kubelet {
		test.Errorf("listed the old way: %v, %v", image, err)
	}

	remove := &machine.ImageServiceRemoveRequest{Containerd: system, ImageRef: kubelet}
	_, err = admin.ImageClient.Remove(lab.Context(), remove)
	said(test, err, codes.OK, "")
	_, err = admin.ImageClient.Remove(lab.Context(), remove)
	said(test, err, codes.NotFound, "image "+kubelet+" not found")

	if found := names(); slices.Contains(found, kubelet) {
		test.Errorf("images %q", found)
	}
}

func TestExtensionsFollowTheImage(test *testing.T) {
	lab := labtest.Start(test, 239, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0", installing(factoryImage(schematicA, "v1.13.0")))

	target := lab.Machine(11)
	labtest.Must(test, target.SetImage(resources.Image{Extensions: []resources.Extension{{Name: "drbd", Version: "v9"}}}))

	for _, sample := range []struct {
		schematic  string
		extensions int
	}{{schematicB, 1}, {profile.VanillaSchematic, 0}} {
		before, admin := target.Boot().ID, lab.Admin(11)
		pulled(test, lab, admin, factoryImage(sample.schematic, "v1.13.0"), 0)

		if shown := len(target.Image().Extensions); shown != 1 {
			test.Errorf("%d extensions before the machine booted the new image", shown)
		}

		_, err := admin.MachineClient.Reboot(lab.Context(), &machine.RebootRequest{})
		labtest.Must(test, err)
		runs(test, lab, 11, before, "v1.13.0", sample.schematic)

		if shown := len(target.Image().Extensions); shown != sample.extensions {
			test.Errorf("schematic %s: %d extensions", sample.schematic, shown)
		}
	}
}
