package api_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/grpc/codes"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/labtest"
)

// upgrade asks the old way and returns how the machine answered.
func upgrade(lab *labtest.Lab, host int, request *machine.UpgradeRequest) error {
	response, err := lab.Admin(host).MachineClient.Upgrade(lab.Context(), request)
	if err == nil && (response.Messages[0].Ack != "Upgrade request received" || response.Messages[0].ActorId == "") {
		return fmt.Errorf("answered %v", response)
	}

	return err
}

func TestOldUpgrade(test *testing.T) {
	lab := labtest.Start(test, 235, "v1.12.0", 11)
	_, err := lab.Insecure(11).MachineClient.Upgrade(lab.Context(), &machine.UpgradeRequest{})
	said(test, err, codes.Unimplemented, "API is not implemented in maintenance mode")

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.0", installing(factoryImage(schematicA, "v1.12.0")))
	labtest.Must(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}))
	lab.Stage(11, runtime.MachineStageRunning)

	for _, sample := range []struct {
		version, schematic string
		stage              bool
	}{
		{"v1.13.0", schematicA, false},
		{"v1.13.0", schematicB, false},
		{"v1.12.3", schematicB, true},
	} {
		before := lab.Machine(11).Boot().ID
		request := &machine.UpgradeRequest{Image: factoryImage(sample.schematic, sample.version), Stage: sample.stage}
		labtest.Must(test, upgrade(lab, 11, request))

		// Two boots when staged: the old system installs the new one.
		lab.Eventually("the old boot to end", func() error {
			if boot := lab.Machine(11).Boot(); boot != nil && boot.ID == before {
				return errors.New("it lasts")
			}

			return nil
		})
		runs(test, lab, 11, before, sample.version, sample.schematic)
		lab.Stage(11, runtime.MachineStageRunning)
	}

	if upgrades := lab.Recorder.Report().Machines[0].Upgrades; len(upgrades) != 3 {
		test.Errorf("recorded %+v", upgrades)
	}
}

func TestOldUpgradeGuardsEtcd(test *testing.T) {
	lab := labtest.Start(test, 236, "v1.12.0", 11, 12)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.0")
	lab.Configure(12, machineconfig.TypeControlPlane, "controller-2", "v1.12.0")
	labtest.Must(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}))
	lab.Stage(11, runtime.MachineStageRunning)
	lab.Stage(12, runtime.MachineStageRunning)

	request := &machine.UpgradeRequest{Image: factoryImage(schematicA, "v1.12.1")}
	said(test, upgrade(lab, 12, request), codes.Unknown,
		"error validating etcd for upgrade: etcd member count(2) is insufficient to maintain quorum if upgrade commences")

	before := lab.Machine(12).Boot().ID
	request.Force = true
	labtest.Must(test, upgrade(lab, 12, request))
	runs(test, lab, 12, before, "v1.12.1", schematicA)
}

func TestOldUpgradeWithFaults(test *testing.T) {
	lab := labtest.Start(test, 237, "v1.12.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.0")

	target := lab.Machine(11)
	image := factoryImage(schematicA, "v1.13.0")
	request := &machine.UpgradeRequest{Image: image, Force: true}

	target.Faults.Add(fault.PullFails)
	said(test, upgrade(lab, 11, request), codes.Unknown, fmt.Sprintf("error validating installer image %q: failed to pull image", image))
	target.Faults.Remove(fault.PullFails)

	before := target.Boot().ID
	events := lab.Admin(11)
	target.Faults.Add(fault.InstallerFails)

	stream, err := events.Events(lab.Context())
	labtest.Must(test, err)
	labtest.Must(test, upgrade(lab, 11, request))

	for failed := false; !failed; {
		received, err := stream.Recv()
		labtest.Must(test, err)

		sequence := &machine.SequenceEvent{}
		if received.Data.UnmarshalTo(sequence) == nil && sequence.Error != nil {
			failed = strings.HasSuffix(sequence.Error.Message, `task "upgrade" failed: exit code 1`)
		}
	}

	runs(test, lab, 11, before, "v1.12.0", "")
	target.Faults.Remove(fault.InstallerFails)

	before = target.Boot().ID
	target.Faults.Add(fault.FallsBack)
	labtest.Must(test, upgrade(lab, 11, request))
	lab.Eventually("the new system failed", func() error {
		if system := target.Disk.System(); system.Other == nil || system.Version != "v1.12.0" {
			return fmt.Errorf("%+v", system)
		}

		return nil
	})
	runs(test, lab, 11, before, "v1.12.0", "")

	if boots := target.Boots(); boots != 5 {
		test.Errorf("%d boots, want 5: medium, installed, failed installer, new system, old system", boots)
	}
}

func TestAMachineThatDoesNotReturn(test *testing.T) {
	lab := labtest.Start(test, 238, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	target := lab.Machine(11)

	for _, name := range []fault.Name{fault.NeverReturns, fault.SlowBoot} {
		boots := target.Boots()
		before := target.Boot().ID
		target.Faults.Add(name)

		_, err := lab.Admin(11).MachineClient.Reboot(lab.Context(), &machine.RebootRequest{})
		labtest.Must(test, err)
		lab.Eventually("the machine is gone", func() error {
			if target.Boot() != nil {
				return errors.New("it runs")
			}

			return nil
		})
		time.Sleep(time.Second)

		if target.Boots() != boots {
			test.Errorf("%s: it booted", name)
		}

		target.Faults.Remove(name)
		runs(test, lab, 11, before, "v1.13.0", "")
	}
}
