package disk_test

import (
	"testing"

	"talos-cluster/lab/internal/disk"
)

func open(test *testing.T, directory string) *disk.Disk {
	test.Helper()

	opened, err := disk.Open(directory)
	must(test, err)

	return opened
}

func must(test *testing.T, err error) {
	test.Helper()

	if err != nil {
		test.Fatal(err)
	}
}

var (
	old   = disk.Slot{Version: "v1.12.0", Image: "installer:v1.12.0"}
	newer = disk.Slot{Version: "v1.13.0", Image: "installer:v1.13.0", Schematic: "ab", Extensions: []disk.Extension{{Name: "drbd", Version: "9"}}}
)

func TestSlotsSurvive(test *testing.T) {
	directory := test.TempDir()
	written := open(test, directory)
	must(test, written.Install(disk.System{Slot: old, Device: "/dev/sda"}))
	must(test, written.Upgrade(newer, old))

	system := open(test, directory).System()
	if system.Version != "v1.13.0" || system.Other == nil || system.Other.Version != "v1.12.0" || !system.Unconfirmed ||
		system.Device != "/dev/sda" || len(system.Extensions) != 1 {
		test.Errorf("%+v", system)
	}
}

func TestRevert(test *testing.T) {
	for name, sample := range map[string]struct {
		prepare func(*disk.Disk) error
		version string
	}{
		"an upgrade nobody confirmed": {func(*disk.Disk) error { return nil }, "v1.12.0"},
		"a confirmed one":             {func(kept *disk.Disk) error { return kept.Confirm() }, "v1.13.0"},
		"twice": {func(kept *disk.Disk) error {
			_, err := kept.Revert()

			return err
		}, "v1.12.0"},
	} {
		kept := open(test, test.TempDir())
		must(test, kept.Install(disk.System{Slot: old, Device: "/dev/sda"}))
		must(test, kept.Upgrade(newer, old))
		must(test, sample.prepare(kept))

		before := kept.System().Version
		reverted, err := kept.Revert()
		must(test, err)

		if system := kept.System(); system.Version != sample.version || reverted != (before != sample.version) {
			test.Errorf("%s: %s boots, reverted %v", name, system.Version, reverted)
		}
	}

	if reverted, err := open(test, test.TempDir()).Revert(); err != nil || reverted {
		test.Errorf("an empty disk: %v, %v", reverted, err)
	}
}

func TestStagedOnce(test *testing.T) {
	kept := open(test, test.TempDir())
	must(test, kept.Install(disk.System{Slot: old}))
	must(test, kept.Stage("installer:v1.13.0"))

	for _, want := range []string{"installer:v1.13.0", ""} {
		if staged, err := kept.TakeStaged(); err != nil || staged != want {
			test.Errorf("staged %q, %v, want %q", staged, err, want)
		}
	}
}
