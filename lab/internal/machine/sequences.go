package machine

import (
	"context"
	"errors"
	"fmt"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"

	"talos-cluster/lab/internal/events"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/services"
)

// maintenanceTask is not a task of any sequence: Talos publishes it so that clients see maintenance begin and end.
const maintenanceTask = "runningMaintenance"

func (boot *Boot) initialize(ctx context.Context) error {
	early := []task{
		{"startUdevd", boot.startAndWait(boot.simpleService("udevd"))},
		{"startMachined", boot.startAndWait(boot.machinedService())},
	}

	if boot.Profile.EarlyAPID() {
		early = append(early, task{"startApid", boot.start(boot.apidService())})
	}

	early = append(early,
		task{"startAuditd", boot.start(boot.simpleService("auditd"))},
		task{"startSyslogd", boot.start(boot.simpleService("syslogd"))},
		task{"startContainerd", boot.startAndWait(boot.simpleService("containerd"))},
	)

	return boot.sequencer.run(ctx, SequenceInitialize, []phase{
		{"systemRequirements", []task{{"enforceKSPPRequirements", boot.enforceRequirements}}},
		{"earlyServices", early},
		{"usb", tasks("waitForUSB")},
		{"meta", tasks("reloadMeta")},
		{"dashboard", []task{{"startDashboard", boot.start(boot.simpleService("dashboard"))}}},
		{"config", []task{{"loadConfig", boot.loadConfig}}},
	}, false)
}

func (boot *Boot) install(ctx context.Context) error {
	phases := []phase(nil)
	install := boot.installToDisk

	staged, err := boot.Machine.Disk.TakeStaged()
	if err != nil {
		return err
	}

	if staged != "" {
		install = boot.installStaged(staged)
	}

	if staged != "" || boot.Machine.Disk.System() == nil {
		phases = []phase{
			{"env", tasks("setUserEnvVars")},
			{"install", []task{{"install", install}}},
			{"meta", tasks("reloadMeta")},
			{"saveMeta", tasks("flushMeta")},
			{"volumeFinalize", tasks("teardownLifecycle")},
			{"stopEverything", []task{{"stopAllServices", boot.stopAllServices}}},
			{"kexec", tasks("kexecPrepare")},
			{"reboot", []task{{"reboot", boot.reboot}}},
		}
	}

	return boot.sequencer.run(ctx, SequenceInstall, phases, false)
}

func (boot *Boot) boot(ctx context.Context) error {
	if !boot.Profile.EarlyAPID() {
		boot.Services.LoadAndStart(boot.ctx, boot.apidService())
	}

	return boot.sequencer.run(ctx, SequenceBoot, []phase{
		{"memorySizeCheck", tasks("memorySizeCheck")},
		{"diskSizeCheck", tasks("diskSizeCheck")},
		{"env", tasks("setUserEnvVars", "waitForCARoots")},
		{"dbus", tasks("startDBus")},
		{"ephemeral", []task{{"mountEphemeralPartition", boot.mountEphemeral}}},
		{"udevSetup", tasks("writeUdevRules")},
		{"userDisks", tasks("mountUserDisks")},
		{"userSetup", tasks("writeUserFiles")},
		{"startEverything", []task{{"startAllServices", boot.startAllServices}}},
	}, false)
}

// Reboot starts the reboot sequence; takeover interrupts whatever runs, as an apply with a reboot does.
func (boot *Boot) Reboot(actorID string, mode machine.RebootRequest_Mode, takeover bool) {
	phases := []phase{{"reboot", []task{{"reboot", boot.reboot}}}}

	if mode != machine.RebootRequest_FORCE {
		phases = append([]phase{
			{"cleanup", []task{{"stopAllPods", boot.stopAllPods}}},
			{"dbus", tasks("stopDBus")},
			{"stopServices", []task{{"stopServicesForUpgrade", boot.stopEphemeralServices}}},
			{"umount", tasks("unmountPodMounts")},
			{"unmountBind", tasks("unmountSystemDiskBindMounts")},
			{"unmountSystem", []task{{"unmountEphemeralPartition", boot.unmountEphemeral}}},
			{"volumeFinalize", tasks("teardownLifecycle")},
			{"kexec", tasks("kexecPrepare")},
			{"stopEverything", []task{{"stopAllServices", boot.stopAllServices}}},
		}, phases...)
	}

	ctx := boot.ctx
	if actorID != "" {
		ctx = events.WithActor(ctx, actorID)
	}

	go func() {
		if err := boot.sequencer.run(ctx, SequenceReboot, phases, takeover); err != nil && !errors.Is(err, errLocked) {
			boot.sequenceFailed(err)
		}
	}()
}

// sequenceFailed restarts the machine after a while, as machined does when a sequence fails.
func (boot *Boot) sequenceFailed(err error) {
	if errors.Is(err, errReboot) || errors.Is(err, context.Canceled) {
		return
	}

	boot.Journal.Talos("%s", err)
	boot.revertUpgrade()
	boot.Journal.Talos("rebooting in %s", boot.Machine.options.Timing.FailurePause)

	if pause.For(boot.ctx, boot.Machine.options.Timing.FailurePause) == nil {
		boot.end(endReboot)
	}
}

func (boot *Boot) end(reason ending) {
	select {
	case boot.ended <- reason:
	default:
	}
}

func (boot *Boot) reboot(context.Context) error {
	boot.end(endReboot)

	return errReboot
}

func (boot *Boot) start(definition services.Definition) func(context.Context) error {
	return func(context.Context) error {
		boot.Services.LoadAndStart(boot.ctx, definition)

		return nil
	}
}

func (boot *Boot) startAndWait(definition services.Definition) func(context.Context) error {
	return func(ctx context.Context) error {
		boot.Services.LoadAndStart(boot.ctx, definition)

		return boot.Services.Up(definition.ID).Wait(ctx)
	}
}

// startAllServices waits until every service is up; on a controller that includes etcd, hence the bootstrap.
func (boot *Boot) startAllServices(ctx context.Context) error {
	boot.Services.Load(boot.kubeletService())
	boot.Services.LoadAndStart(boot.ctx, boot.simpleService("cri", "containerd"))

	if boot.Config().Machine().Type() != machineconfig.TypeWorker {
		boot.Services.LoadAndStart(boot.ctx, boot.trustdService(), boot.etcdService(EtcdBeginning{}))
	}

	boot.Services.Start(boot.ctx, "kubelet")

	ctx, cancel := context.WithTimeout(ctx, constants.BootTimeout)
	defer cancel()

	ids := boot.Services.IDs()
	boot.Journal.Talos("waiting for %d services", len(ids))

	for _, id := range ids {
		if err := boot.Services.Up(id).Wait(ctx); err != nil {
			return fmt.Errorf("waiting for service %s: %w", id, err)
		}
	}

	return nil
}

func (boot *Boot) mountEphemeral(context.Context) error { return boot.setMounted(true) }

func (boot *Boot) unmountEphemeral(context.Context) error { return boot.setMounted(false) }

func (boot *Boot) setMounted(mounted bool) error {
	boot.factsMu.Lock()
	boot.mounted = mounted
	boot.factsMu.Unlock()
	boot.notify()

	return nil
}

func (boot *Boot) stopEphemeralServices(context.Context) error {
	boot.Services.Stop("kubelet", "etcd", "cri", "trustd")

	return nil
}

// stopAllServices also ends the open streams: apid and machined go with the rest.
func (boot *Boot) stopAllServices(context.Context) error {
	boot.endStream()

	ids := boot.Services.IDs()
	for _, last := range []string{"apid", "machined"} {
		ids = append(without(ids, last), last)
	}

	boot.Services.Stop(ids...)

	return nil
}

func without(ids []string, id string) []string {
	kept := make([]string, 0, len(ids))

	for _, candidate := range ids {
		if candidate != id {
			kept = append(kept, candidate)
		}
	}

	return kept
}
