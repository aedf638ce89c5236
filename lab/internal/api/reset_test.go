package api_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/grpc/codes"

	"talos-cluster/lab/internal/labtest"
	emulated "talos-cluster/lab/internal/machine"
)

func wiping(labels ...string) []*machine.ResetPartitionSpec {
	specs := []*machine.ResetPartitionSpec(nil)
	for _, label := range labels {
		specs = append(specs, &machine.ResetPartitionSpec{Label: label, Wipe: true})
	}

	return specs
}

// controller is a lab with one machine that was bootstrapped alone.
func controller(test *testing.T, network int, boot string) *labtest.Lab {
	test.Helper()

	lab := labtest.Start(test, network, boot, 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.3")
	lab.Eventually("the bootstrap", func() error {
		return lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{})
	})
	lab.Stage(11, runtime.MachineStageRunning)

	return lab
}

// watch collects what a machine says from now on until it stops, as talosctl's tracker does.
func watch(lab *labtest.Lab) <-chan []string {
	events := make(chan client.EventResult)
	heard := make(chan []string, 1)
	connection := lab.Admin(11)
	ctx := lab.Context()

	if err := connection.EventsWatchV2(ctx, events); err != nil {
		heard <- []string{err.Error()}

		return heard
	}

	go func() {
		said := []string(nil)
		defer func() { heard <- said }()

		for {
			select {
			case <-ctx.Done():
				return
			case event := <-events:
				if event.Error != nil {
					return
				}

				switch payload := event.Event.Payload.(type) {
				case *machine.PhaseEvent:
					if payload.Action == machine.PhaseEvent_START {
						said = append(said, payload.Phase)
					}
				case *machine.TaskEvent:
					if payload.Action == machine.TaskEvent_START && payload.Task == "stopAllServices" {
						said = append(said, "task "+payload.Task)
					}
				case *machine.SequenceEvent:
					if payload.Error != nil && payload.Error.Code == common.Code_FATAL {
						said = append(said, payload.Error.Message)
					}
				}
			}
		}
	}()

	return heard
}

func TestResetOfTheLastMember(test *testing.T) {
	lab := controller(test, 182, "v1.12.0")
	heard := watch(lab)
	boots := lab.Machine(11).Boots()

	labtest.Must(test, lab.Admin(11).ResetGeneric(lab.Context(), &machine.ResetRequest{Graceful: true, Reboot: true}))

	said := <-heard
	failure := said[len(said)-1]

	if phases := said[:len(said)-1]; !slices.Equal(phases, []string{"drain", "cleanup", "dbus", "leave"}) ||
		!strings.Contains(failure, "failed to leave cluster") || !strings.Contains(failure, "not enough started members") {
		test.Fatalf("said %q", said)
	}

	// It restarts and is what it was.
	lab.Eventually("back with its etcd", func() error {
		boot := lab.Machine(11).Boot()
		if lab.Machine(11).Boots() <= boots || boot == nil || !boot.Services.IsUp("etcd") {
			return errors.New("not yet")
		}

		return nil
	})
}

func TestResetOfPartitions(test *testing.T) {
	lab := controller(test, 183, "v1.13.0")
	admin := lab.Admin(11)

	for name, sample := range map[string]struct {
		request *machine.ResetRequest
		message string
	}{
		"no such partition": {
			&machine.ResetRequest{SystemPartitionsToWipe: wiping("USER")},
			`failed to get volume status with label "USER": resource VolumeStatuses.block.talos.dev(runtime/USER@undefined) doesn't exist`,
		},
		"the system disk as a user disk": {
			&machine.ResetRequest{UserDisksToWipe: []string{"/dev/sda"}}, "reset user disk failed: device /dev/sda is the system disk",
		},
		"no such disk": {
			&machine.ResetRequest{UserDisksToWipe: []string{"/dev/sdz"}}, "reset user disk failed: device /dev/sdz wasn't found",
		},
		"partitions of user disks": {
			&machine.ResetRequest{Mode: machine.ResetRequest_USER_DISKS, SystemPartitionsToWipe: wiping("STATE")},
			"reset failed: invalid input, wipe mode USER_DISKS doesn't support SystemPartitionsToWipe parameter",
		},
		"user disks of the system disk": {
			&machine.ResetRequest{Mode: machine.ResetRequest_SYSTEM_DISK, UserDisksToWipe: []string{"/dev/sdb"}},
			"reset failed: invalid input, wipe mode SYSTEM_DISK doesn't support UserDisksToWipe parameter",
		},
	} {
		test.Run(name, func(test *testing.T) {
			said(test, admin.ResetGeneric(lab.Context(), sample.request), codes.Unknown, sample.message)
		})
	}

	// EPHEMERAL alone: the config stays, and etcd waits for a cluster again.
	boots := lab.Machine(11).Boots()
	labtest.Must(test, admin.ResetGeneric(lab.Context(), &machine.ResetRequest{Reboot: true, SystemPartitionsToWipe: wiping("EPHEMERAL")}))
	lab.Eventually("configured, without etcd data", func() error {
		boot := lab.Machine(11).Boot()
		if lab.Machine(11).Boots() <= boots || boot == nil || !boot.BootstrapAllowed() || boot.Etcd().HasData() || boot.Hostname() != "controller-1" {
			return errors.New("not yet")
		}

		_, err := admin.Version(lab.Context())

		return err
	})

	heard := watch(lab)

	labtest.Must(test, admin.ResetGeneric(lab.Context(), &machine.ResetRequest{
		Graceful: true, Reboot: true, SystemPartitionsToWipe: wiping("STATE", "EPHEMERAL"),
	}))

	// It is no member, so nothing holds it up. Its stream ends with what clients wait for.
	want := []string{
		"drain", "cleanup", "dbus", "leave", "preReset", "stopServices", "umount", "unmountBind", "unmountSystem", "volumeFinalize",
		"kexec", "stopEverything", "task stopAllServices",
	}
	if said := <-heard; !slices.Equal(said, want) {
		test.Errorf("said %q", said)
	}

	lab.Stage(11, runtime.MachineStageMaintenance)

	if boot := lab.Machine(11).Boot(); boot.Profile.Tag != "v1.12.3" {
		test.Errorf("in maintenance with %s, not with what is on the disk", boot.Profile.Tag)
	}

	if resets := lab.Recorder.Report().Machines[0].Resets; resets != 2 {
		test.Errorf("%d resets recorded", resets)
	}
}

func TestResetOfTheDisk(test *testing.T) {
	lab := controller(test, 184, "v1.13.0")

	labtest.Must(test, lab.Admin(11).ResetGeneric(lab.Context(), &machine.ResetRequest{}))
	lab.Eventually("off", func() error { return switchedOff(lab) })

	labtest.Must(test, lab.Machine(11).SetPower(lab.Context(), emulated.PowerOn))
	lab.Stage(11, runtime.MachineStageMaintenance)

	if boot := lab.Machine(11).Boot(); boot.Profile.Tag != "v1.13.0" || lab.Machine(11).Disk.System() != nil {
		test.Errorf("boots %s, not the medium", boot.Profile.Tag)
	}
}

func TestShutdown(test *testing.T) {
	lab := controller(test, 185, "v1.13.0")

	labtest.Must(test, lab.Admin(11).Shutdown(lab.Context()))
	lab.Eventually("off", func() error { return switchedOff(lab) })

	labtest.Must(test, lab.Machine(11).SetPower(lab.Context(), emulated.PowerOn))
	lab.Stage(11, runtime.MachineStageRunning)
}

func switchedOff(lab *labtest.Lab) error {
	if power := lab.Machine(11).Power(); power != emulated.PowerOff {
		return fmt.Errorf("power is %s", power)
	}

	return nil
}
