package machine_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"talos-cluster/lab/internal/labtest"
	emulated "talos-cluster/lab/internal/machine"
)

// watch collects the events of a machine until its stream ends.
func watch(test *testing.T, lab *labtest.Lab, via *client.Client) <-chan []client.Event {
	test.Helper()

	stream, err := via.Events(lab.Context(), client.WithTailEvents(-1))
	labtest.Must(test, err)

	opening, err := stream.Recv()
	labtest.Must(test, err)

	if opening.Data.TypeUrl != "" {
		test.Errorf("the stream opens with %s, not with an empty event", opening.Data.TypeUrl)
	}

	collected := make(chan []client.Event, 1)

	go func() {
		events := []client.Event(nil)

		for {
			received, err := stream.Recv()
			if err != nil {
				collected <- events

				return
			}

			if event, err := client.UnmarshalEvent(received); err == nil {
				events = append(events, *event)
			}
		}
	}()

	return collected
}

func TestRebootSequence(test *testing.T) {
	lab := labtest.Start(test, 216, "v1.13.0", 21)
	lab.Configure(21, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	before := lab.Machine(21).Boot().ID
	admin := lab.Admin(21)
	collected := watch(test, lab, admin)

	response, err := admin.MachineClient.Reboot(lab.Context(), &machine.RebootRequest{})
	labtest.Must(test, err)

	actor := response.Messages[0].ActorId
	phases := []string(nil)

	for _, event := range <-collected {
		phase, isPhase := event.Payload.(*machine.PhaseEvent)
		if isPhase && phase.Action == machine.PhaseEvent_START && event.ActorID == actor {
			phases = append(phases, phase.Phase)
		}
	}

	want := []string{"cleanup", "dbus", "stopServices", "umount", "unmountBind", "unmountSystem", "volumeFinalize", "kexec", "stopEverything"}
	if len(phases) < len(want) || !slices.Equal(phases[:len(want)], want) {
		test.Errorf("phases %v, want %v", phases, want)
	}

	lab.Eventually("a new boot", func() error {
		if boot := lab.Machine(21).Boot(); boot == nil || boot.ID == before {
			return errors.New("not yet")
		}

		return nil
	})
	lab.Stage(21, runtime.MachineStageBooting)

	if boots := lab.Machine(21).Boots(); boots != 3 {
		test.Errorf("%d boots, want 3: medium, installed, rebooted", boots)
	}
}

func TestFirstBoots(test *testing.T) {
	lab := labtest.Start(test, 217, "v1.13.0", 11)
	collected := watch(test, lab, lab.Insecure(11))

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.3")

	stages := []machine.MachineStatusEvent_MachineStage(nil)

	for _, event := range <-collected {
		if status, isStatus := event.Payload.(*machine.MachineStatusEvent); isStatus {
			if len(stages) == 0 || stages[len(stages)-1] != status.Stage {
				stages = append(stages, status.Stage)
			}
		}
	}

	// The stream of maintenance ends when the machine leaves it: the API starts anew with other certificates.
	want := []machine.MachineStatusEvent_MachineStage{machine.MachineStatusEvent_BOOTING, machine.MachineStatusEvent_MAINTENANCE}
	if len(stages) < 2 || !slices.Equal(stages[:2], want) {
		test.Errorf("stages %v, want %v first", stages, want)
	}

	if boot := lab.Machine(11).Boot(); boot.Profile.Tag != "v1.12.3" {
		test.Errorf("the machine runs %s, not what was installed", boot.Profile.Tag)
	}

	_, err := lab.Insecure(11).Version(lab.Context())
	if status.Code(err) != codes.Unavailable {
		test.Errorf("without a certificate: %v", err)
	}
}

func TestAWorkerWaitsForAController(test *testing.T) {
	lab := labtest.Start(test, 218, "v1.13.0", 11, 21)

	lab.Apply(21, lab.Config(machineconfig.TypeWorker, "worker-1", "v1.13.0"))
	lab.Eventually("the worker's second boot", func() error {
		if boot := lab.Machine(21).Boot(); boot == nil || lab.Machine(21).Boots() < 2 || !boot.Services.IsUp("cri") {
			return errors.New("not yet")
		}

		return nil
	})

	if lab.Machine(21).Boot().Services.IsUp("apid") {
		test.Error("the worker's API is up before any controller could sign its certificate")
	}

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	lab.Installed(21)
}

func TestPower(test *testing.T) {
	lab := labtest.Start(test, 219, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	target := lab.Machine(11)

	labtest.Must(test, target.SetPower(context.Background(), emulated.PowerOff))

	if _, err := lab.Admin(11).Version(lab.Context()); status.Code(err) != codes.Unavailable {
		test.Errorf("switched off: %v", err)
	}

	labtest.Must(test, target.SetPower(context.Background(), emulated.PowerHang))

	short, cancel := context.WithTimeout(lab.Context(), labtest.Patience/50)
	defer cancel()

	if _, err := lab.Admin(11).Version(short); status.Code(err) != codes.DeadlineExceeded && status.Code(err) != codes.Canceled {
		test.Errorf("hanging: %v", err)
	}

	labtest.Must(test, target.SetPower(context.Background(), emulated.PowerOn))
	lab.Installed(11)

	if config := target.Config(); config == nil || target.Hostname() != "controller-1" {
		test.Error("the disk did not survive")
	}

	labtest.Must(test, target.Wipe(context.Background()))
	lab.Stage(11, runtime.MachineStageMaintenance)

	if err := target.SetPower(context.Background(), "sideways"); err == nil {
		test.Error("an unknown state of power was accepted")
	}
}

func TestAFailedInstallationRestartsTheMachine(test *testing.T) {
	lab := labtest.Start(test, 220, "v1.13.0", 11)
	lab.Apply(11, lab.Config(machineconfig.TypeControlPlane, "controller-1", "not-a-version"))

	lab.Eventually("back in maintenance after the failure", func() error {
		boot := lab.Machine(11).Boot()
		if boot == nil || lab.Machine(11).Boots() < 2 || boot.Stage() != runtime.MachineStageMaintenance {
			return errors.New("not yet")
		}

		return nil
	})
}
