package machine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"

	"talos-cluster/lab/internal/events"
	"talos-cluster/lab/internal/pause"
)

// Reset says what of a machine is emptied and how it ends.
type Reset struct {
	// Graceful drains the Node and leaves etcd first.
	Graceful bool
	// Reboot boots again afterwards; otherwise the machine is off.
	Reboot bool
	// Partitions are the labels of the system disk's partitions to empty.
	Partitions []string
	// SystemDisk empties the whole disk that Talos is installed to.
	SystemDisk bool
	// UserDisks names other disks that are emptied; the lab's machines keep nothing on theirs.
	UserDisks []string
}

// Reset starts the reset sequence.
func (boot *Boot) Reset(actorID string, reset Reset) {
	phases := boot.beforeReset(reset)
	phases = append(phases, logged(boot, boot.stopAllPhases(len(reset.Partitions) > 0))...)
	phases = append(phases, phase{"forceCleanup", tasks("forceCleanup")})

	switch {
	case len(reset.Partitions) > 0:
		phases = append(phases, phase{"resetSpec", []task{{"resetSystemDiskSpec", func(context.Context) error {
			return boot.wipePartitions(reset.Partitions)
		}}}})
	case reset.SystemDisk:
		phases = append(phases, phase{"reset", []task{{"resetSystemDisk", boot.wipeSystemDisk}}})
	}

	if len(reset.UserDisks) > 0 {
		phases = append(phases, phase{"resetUserDisks", tasks("resetUserDisks")})
	}

	boot.runAndEnd(events.WithActor(boot.ctx, actorID), SequenceReset, append(phases, boot.ending(reset.Reboot)), false)
}

func (boot *Boot) beforeReset(reset Reset) []phase {
	phases := []phase(nil)
	cleanup := "stopAllPods"

	if reset.Graceful {
		cleanup = "removeAllPods"

		if !boot.Config().Machine().Kubelet().SkipNodeRegistration() {
			phases = append(phases, logged(boot, []phase{{"drain", []task{{"cordonAndDrainNode", boot.cordonAndDrain}}}})...)
		}
	}

	phases = append(phases, logged(boot, []phase{{"cleanup", []task{{cleanup, boot.stopAllPods}}}})...)
	phases = append(phases, phase{"dbus", tasks("stopDBus")})

	if reset.Graceful && boot.Config().Machine().Type().IsControlPlane() {
		phases = append(phases, phase{"leave", []task{{"leaveEtcd", boot.leaveEtcd}}})
	}

	return append(phases, phase{"preReset", tasks("sendResetSignal")})
}

// Shutdown starts the shutdown sequence, whatever else runs.
func (boot *Boot) Shutdown(actorID string, force bool) {
	phases := []phase{{"storeShutdown", tasks("storeShutdownEmergency")}}

	config := boot.Config()
	registered := config != nil && config.CompleteForBoot() && !config.Machine().Kubelet().SkipNodeRegistration()

	if !force && registered {
		phases = append(phases, phase{"drain", []task{{"cordonAndDrainNode", boot.cordonAndDrain}}})
	}

	phases = append(phases, phase{"cleanup", []task{{"stopAllPods", boot.stopAllPods}}}, phase{"dbus", tasks("stopDBus")})
	phases = append(phases, boot.stopAllPhases(false)...)

	boot.runAndEnd(events.WithActor(boot.ctx, actorID), SequenceShutdown, append(phases, boot.ending(false)), true)
}

// stopAllPhases end everything that runs, in Talos's order.
func (boot *Boot) stopAllPhases(kexec bool) []phase {
	phases := []phase{
		{"stopServices", []task{{"stopServicesForUpgrade", boot.stopEphemeralServices}}},
		{"umount", tasks("unmountPodMounts")},
		{"unmountBind", tasks("unmountSystemDiskBindMounts")},
		{"unmountSystem", []task{{"unmountEphemeralPartition", boot.unmountEphemeral}}},
		{"volumeFinalize", tasks("teardownLifecycle")},
	}

	if kexec {
		phases = append(phases, phase{"kexec", tasks("kexecPrepare")})
	}

	return append(phases, phase{"stopEverything", []task{{"stopAllServices", boot.stopAllServices}}})
}

func (boot *Boot) ending(reboot bool) phase {
	if reboot {
		return phase{"reboot", []task{{"reboot", boot.reboot}}}
	}

	return phase{"shutdown", []task{{"shutdown", boot.powerOff}}}
}

func (boot *Boot) powerOff(ctx context.Context) error {
	boot.Events.Publish(ctx, &machine.RestartEvent{Cmd: syscall.LINUX_REBOOT_CMD_POWER_OFF})
	boot.end(endPowerOff)

	return errReboot
}

// runAndEnd runs a sequence that the API asked for. A reset that fails restarts the machine after a while; a shutdown
// that fails switches it off all the same.
func (boot *Boot) runAndEnd(ctx context.Context, sequence Sequence, phases []phase, takeover bool) {
	go func() {
		err := boot.sequencer.run(ctx, sequence, phases, takeover)

		switch {
		case err == nil, errors.Is(err, errLocked), errors.Is(err, errReboot):
		case sequence == SequenceShutdown && !errors.Is(err, context.Canceled):
			if pause.For(boot.ctx, boot.Machine.options.Timing.FailurePause) == nil {
				boot.end(endPowerOff)
			}
		default:
			boot.sequenceFailed(err)
		}
	}()
}

// logged lets phases go on when one of their tasks fails, as Talos does with those of a reset that only tidy up.
func logged(boot *Boot, phases []phase) []phase {
	for _, each := range phases {
		for index := range each.tasks {
			run := each.tasks[index].run
			each.tasks[index].run = func(ctx context.Context) error {
				if err := run(ctx); err != nil {
					boot.Journal.Talos("WARNING: task failed: %s", err)
				}

				return nil
			}
		}
	}

	return phases
}

func (boot *Boot) wipePartitions(labels []string) error {
	failures := error(nil)

	for _, label := range labels {
		boot.Journal.Talos("wiping partition %s", label)

		if err := boot.Machine.Disk.WipePartition(label); err != nil {
			failures = errors.Join(failures, fmt.Errorf("failed wiping partition %s: %w", label, err))
		}
	}

	if failures == nil {
		boot.Journal.Talos("successfully reset system disk by the spec: %s", strings.Join(labels, ", "))
		boot.Machine.options.Observer.WasReset(boot.Machine)
	}

	return failures
}

func (boot *Boot) wipeSystemDisk(context.Context) error {
	boot.Journal.Talos("wiping system disk")

	if err := boot.Machine.Disk.Wipe(); err != nil {
		return err
	}

	boot.Machine.options.Observer.WasReset(boot.Machine)

	return nil
}

// switchedOff is how a machine ends that shut itself down: like one whose power was cut, by its own hand.
func (machine *Machine) switchedOff() {
	machine.mu.Lock()
	machine.power = PowerOff
	machine.mu.Unlock()

	machine.followPower(PowerOff)
	machine.log("power %s", PowerOff)
	machine.options.Observer.StatusChanged(machine)
	machine.peers.Changed()
}
