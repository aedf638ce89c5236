package machine

import (
	"context"
	"errors"
	"fmt"
	"time"

	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/compatibility"

	"talos-cluster/lab/internal/disk"
	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/profile"
)

// installer is one run of an installer container.
type installer struct {
	boot  *Boot
	image profile.InstallerImage
	// device is the disk of a first installation; "" installs beside the running system, which is an upgrade.
	device string
	// print takes the container's output, a line at a time.
	print func(string)
}

func (installer installer) upgrades() bool { return installer.device == "" }

// say prints a line as Go's logger does.
func (installer installer) say(format string, arguments ...any) {
	installer.print(time.Now().UTC().Format("2006/01/02 15:04:05 ") + fmt.Sprintf(format, arguments...))
}

// run does what the container does and returns its exit code.
func (installer installer) run(ctx context.Context) int32 {
	if err := installer.install(ctx); err != nil {
		installer.print("Error: " + err.Error())
		installer.print("Usage:")
		installer.print("  installer install [flags]")
		installer.print("")
		installer.print(err.Error())

		return 1
	}

	return 0
}

func (installer installer) install(ctx context.Context) error {
	if installer.image.Tag == "" {
		return errors.New("the lab cannot tell which Talos version this image installs: its reference has no tag")
	}

	installer.say("running Talos installer %s", installer.image.Tag)

	behaviour, unknown := profile.Parse(installer.image.Tag)
	if unknown == nil {
		if err := installer.checkConfig(behaviour); err != nil {
			return err
		}
	}

	if installer.upgrades() {
		if err := installer.preflight(); err != nil {
			return fmt.Errorf("pre-flight checks failed: %w", err)
		}
	}

	if unknown != nil {
		return unknown
	}

	half := installer.boot.Machine.installTime() / 2 //nolint:mnd

	if err := pause.For(ctx, half); err != nil {
		return err
	}

	installer.say("updating EFI variables")

	if installer.boot.Machine.Faults.Has(fault.InstallerFails) {
		return fmt.Errorf("failed to install bootloader: write /boot/EFI/Linux/Talos-%s.efi: input/output error", behaviour.Tag)
	}

	if err := pause.For(ctx, half); err != nil {
		return err
	}

	if err := installer.write(behaviour.Tag); err != nil {
		return err
	}

	installer.say("installation of %s complete", behaviour.Tag)

	return nil
}

// checkConfig lets the wanted version read the machine's config, as the installer does before it touches anything.
func (installer installer) checkConfig(behaviour profile.Profile) error {
	active := installer.boot.Config()
	if active == nil {
		return nil
	}

	data, err := active.Bytes()
	if err != nil {
		return err
	}

	provider, err := behaviour.Decode(data)
	if err != nil {
		return fmt.Errorf("error loading machine configuration: %w", err)
	}

	warnings, err := provider.Validate(profile.Mode{})
	if err != nil {
		return fmt.Errorf("machine configuration is invalid: %w", err)
	}

	if len(warnings) > 0 {
		installer.say("WARNING: config validation:")
	}

	for _, warning := range warnings {
		installer.say("  %s", warning)
	}

	return nil
}

// preflight is the only place where Talos looks whether one version may follow another.
func (installer installer) preflight() error {
	host := installer.boot.Profile.Tag

	installer.say("running pre-flight checks")
	installer.say("host Talos version: %s", host)

	running, err := compatibility.ParseTalosVersion(&machineapi.VersionInfo{Tag: host})
	if err != nil {
		return fmt.Errorf("error parsing host Talos version: %w", err)
	}

	wanted, err := compatibility.ParseTalosVersion(&machineapi.VersionInfo{Tag: installer.image.Tag})
	if err != nil {
		return fmt.Errorf("error parsing installer Talos version: %w", err)
	}

	if installer.boot.Machine.Faults.Has(fault.PreflightRefuses) {
		return fmt.Errorf("host version %s is denied for upgrade to Talos %s", running, wanted)
	}

	if err := wanted.UpgradeableFrom(running); err != nil {
		return err
	}

	installer.say("all pre-flight checks successful")

	return nil
}

func (installer installer) write(version string) error {
	machine := installer.boot.Machine
	next := disk.Slot{Version: version, Image: installer.image.Reference, Schematic: installer.image.Schematic}

	if !installer.image.WithoutExtensions() {
		next.Extensions = installer.boot.image().Extensions
	}

	if !installer.upgrades() {
		return machine.Disk.Install(disk.System{Slot: next, Device: installer.device})
	}

	running := installer.boot.running()
	if running == nil { // installed a moment ago and not rebooted yet
		running = machine.slot()
	}

	if running == nil {
		return errors.New("failed to detect META partition")
	}

	if err := machine.Disk.Upgrade(next, *running); err != nil {
		return err
	}

	machine.log("upgraded from Talos %s to %s, which boots next", running.Version, next.Version)
	machine.options.Observer.Upgraded(machine, Upgrade{From: running.Version, To: next.Version, Schematic: next.Schematic})

	return nil
}
