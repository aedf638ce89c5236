package machine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/events"
	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/profile"
)

// Upgrade starts the upgrade sequence of the old API: the node drains itself, installs and restarts. The image was pulled.
func (boot *Boot) Upgrade(actorID string, request *machine.UpgradeRequest) {
	phases := []phase{
		{"cleanup", []task{{"stopAllPods", boot.stopAllPods}}},
		{"dbus", tasks("stopDBus")},
		{"stopServices", []task{{"stopServicesForUpgrade", boot.stopEphemeralServices}}},
		{"unmount", tasks("unmountPodMounts")},
		{"unmountBind", tasks("unmountSystemDiskBindMounts")},
		{"unmountSystem", []task{{"unmountEphemeralPartition", boot.unmountEphemeral}}},
		{"volumeFinalize", tasks("teardownLifecycle")},
		{"upgrade", []task{{"upgrade", func(ctx context.Context) error {
			boot.Journal.Talos("performing upgrade via %q", request.GetImage())

			return boot.installFrom(ctx, request.GetImage(), "")
		}}}},
		{"meta", tasks("reloadMeta")},
	}

	if !boot.Config().Machine().Kubelet().SkipNodeRegistration() {
		phases = append([]phase{{"drain", []task{{"cordonAndDrainNode", boot.cordonAndDrain}}}}, phases...)
	}

	if request.GetRebootMode() == machine.UpgradeRequest_DEFAULT {
		phases = append(phases, phase{"kexec", tasks("kexecPrepare")})
	}

	boot.runUpgrade(actorID, SequenceUpgrade, append(phases,
		phase{"stopEverything", []task{{"stopAllServices", boot.stopAllServices}}},
		phase{"reboot", []task{{"reboot", boot.reboot}}},
	))
}

// StageUpgrade notes an installer image for the next boot and restarts the machine.
func (boot *Boot) StageUpgrade(actorID string, request *machine.UpgradeRequest) error {
	if err := boot.Machine.Disk.Stage(request.GetImage()); err != nil {
		return fmt.Errorf("error adding staged upgrade image ref tag: %w", err)
	}

	phases := []phase{{"cleanup", []task{{"stopAllPods", boot.stopAllPods}}}, {"dbus", tasks("stopDBus")}}
	phases = append(phases, boot.stopAllPhases(request.GetRebootMode() == machine.UpgradeRequest_DEFAULT)...)
	boot.runUpgrade(actorID, SequenceStage, append(phases, phase{"reboot", []task{{"reboot", boot.reboot}}}))

	return nil
}

// runUpgrade runs a sequence in the background. One that fails ends in a restart: of what ran before.
func (boot *Boot) runUpgrade(actorID string, sequence Sequence, phases []phase) {
	ctx := events.WithActor(boot.ctx, actorID)

	go func() {
		if err := boot.sequencer.run(ctx, sequence, phases, false); err != nil && !errors.Is(err, errLocked) {
			boot.sequenceFailed(err)
		}
	}()
}

// ErrInstalling refuses a second installation while one is under way.
var ErrInstalling = errors.New("another installation/upgrade is already in progress")

// Installing tells whether LifecycleService installs now.
func (boot *Boot) Installing() bool { return boot.installing.Load() }

// InstallUpgrade installs an image beside the running system and does no more: whoever asked restarts the machine. What
// has begun goes on when he is gone. It returns the installer's exit code.
func (boot *Boot) InstallUpgrade(image string, print func(string)) (int32, error) {
	if !boot.installing.CompareAndSwap(false, true) {
		return 0, ErrInstalling
	}
	defer boot.installing.Store(false)

	parsed, _ := profile.ParseInstaller(image)

	return installer{boot: boot, image: parsed, print: print}.run(boot.ctx), boot.ctx.Err()
}

// installFrom pulls an installer image, if it is not there, and lets it install: to a device, or beside what runs.
func (boot *Boot) installFrom(ctx context.Context, image, device string) error {
	pulled, err := boot.Pull(ctx, ContainerdMemory, image, func(string, int64, int64, bool) {})
	if err != nil {
		return err
	}

	parsed, _ := profile.ParseInstaller(pulled.Pulled)
	run := installer{boot: boot, image: parsed, device: device, print: func(line string) { boot.Journal.KernelMessage("%s", line) }}

	if code := run.run(ctx); code != 0 {
		return fmt.Errorf("task %q failed: exit code %d", "upgrade", code)
	}

	return ctx.Err()
}

// installStaged is what a boot installs that StageUpgrade prepared.
func (boot *Boot) installStaged(image string) func(context.Context) error {
	return func(ctx context.Context) error {
		boot.Journal.Talos("performing staged upgrade via %q", image)

		return boot.installFrom(ctx, image, "")
	}
}

// confirmUpgrade drops the tag of an upgrade once the machine was seen ready in this boot. It is called under refreshMu.
func (boot *Boot) confirmUpgrade(status *statusKey) {
	if boot.confirmed || status.stage != runtime.MachineStageRunning || len(status.unmet) > 0 {
		return
	}

	boot.confirmed = true

	if err := boot.Machine.Disk.Confirm(); err != nil {
		boot.Journal.Talos("%s", err)
	}
}

// revertUpgrade makes the old system the one to boot when a sequence failed after an upgrade that was not confirmed.
func (boot *Boot) revertUpgrade() {
	reverted, err := boot.Machine.Disk.Revert()

	switch {
	case err != nil:
		boot.Journal.Talos("failed to revert bootloader: %s", err)
	case reverted:
		version := boot.Machine.Disk.System().Version
		boot.Journal.Talos("reverting failed upgrade, switching to %q", version)
		boot.Machine.log("falls back to Talos %s", version)
	}
}

// enforceRequirements is where a system that is to fall back fails: before its API answers, so that nobody sees it.
func (boot *Boot) enforceRequirements(context.Context) error {
	installed := boot.Machine.Disk.System()

	if boot.Machine.Faults.Has(fault.FallsBack) && installed != nil && installed.Unconfirmed {
		return errors.New("KSPP kernel parameter slab_nomerge is required")
	}

	return nil
}

const (
	// slowBoot is how much longer a boot takes with the fault of that name.
	slowBoot  = 20 * time.Second
	faultPoll = 50 * time.Millisecond
)

// awaitBoot lets the time pass before a boot, and more of it when a fault is set; what is lifted ends at once. It fails
// when the power is cut.
func (machine *Machine) awaitBoot(ctx context.Context, restarted bool) error {
	if restarted {
		if err := pause.For(ctx, machine.options.Timing.Reboot); err != nil {
			return err
		}
	}

	for start := time.Now(); ctx.Err() == nil; {
		slow := machine.Faults.Has(fault.SlowBoot) && time.Since(start) < slowBoot
		never := machine.Faults.Has(fault.NeverReturns) && restarted

		if !slow && !never {
			break
		}

		pause.For(ctx, faultPoll) //nolint:errcheck // the loop looks
	}

	return ctx.Err()
}
