package machine

import (
	"slices"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/protobuf/proto"
)

// stages derives a machine's stage from its events, as Talos's MachineStatusController does.
type stages struct {
	current  runtime.MachineStage
	sequence Sequence
}

var stageOfSequence = map[Sequence]runtime.MachineStage{
	SequenceInitialize: runtime.MachineStageBooting,
	SequenceBoot:       runtime.MachineStageBooting,
	SequenceReboot:     runtime.MachineStageRebooting,
	SequenceUpgrade:    runtime.MachineStageUpgrading,
	SequenceStage:      runtime.MachineStageUpgrading,
	SequenceReset:      runtime.MachineStageResetting,
	SequenceShutdown:   runtime.MachineStageShuttingDown,
}

// observe returns the stage after an event.
func (stages *stages) observe(payload proto.Message) runtime.MachineStage {
	switch event := payload.(type) {
	case *machine.SequenceEvent:
		stages.observeSequence(event)
	case *machine.PhaseEvent:
		if event.Action != machine.PhaseEvent_START {
			break
		}

		switch {
		case event.Phase == "install" && stages.sequence == SequenceInstall:
			stages.current = runtime.MachineStageInstalling
		case event.Phase == "kexec" && slices.Contains([]Sequence{SequenceInstall, SequenceUpgrade, SequenceStage}, stages.sequence):
			stages.current = runtime.MachineStageRebooting
		}
	case *machine.TaskEvent:
		if event.Task == maintenanceTask {
			stages.current = runtime.MachineStageMaintenance
			if event.Action == machine.TaskEvent_STOP {
				stages.current = runtime.MachineStageBooting
			}
		}
	}

	return stages.current
}

func (stages *stages) observeSequence(event *machine.SequenceEvent) {
	stages.sequence = Sequence(event.Sequence)

	switch event.Action {
	case machine.SequenceEvent_START:
		if stage, found := stageOfSequence[stages.sequence]; found {
			stages.current = stage
		}
	case machine.SequenceEvent_NOOP:
		// As in Talos a shutdown that fails ends in a machine that is off, not in a reboot.
		if event.Error != nil && event.Error.Code == common.Code_FATAL && stages.sequence != SequenceShutdown {
			stages.current = runtime.MachineStageRebooting
		}
	case machine.SequenceEvent_STOP:
		if stages.sequence == SequenceBoot && event.Error == nil {
			stages.current = runtime.MachineStageRunning
		}

		stages.sequence = ""
	}
}

// wireStages maps the resource's stage to the event's.
var wireStages = map[runtime.MachineStage]machine.MachineStatusEvent_MachineStage{
	runtime.MachineStageUnknown:      machine.MachineStatusEvent_UNKNOWN,
	runtime.MachineStageBooting:      machine.MachineStatusEvent_BOOTING,
	runtime.MachineStageInstalling:   machine.MachineStatusEvent_INSTALLING,
	runtime.MachineStageMaintenance:  machine.MachineStatusEvent_MAINTENANCE,
	runtime.MachineStageRunning:      machine.MachineStatusEvent_RUNNING,
	runtime.MachineStageRebooting:    machine.MachineStatusEvent_REBOOTING,
	runtime.MachineStageShuttingDown: machine.MachineStatusEvent_SHUTTING_DOWN,
	runtime.MachineStageResetting:    machine.MachineStatusEvent_RESETTING,
	runtime.MachineStageUpgrading:    machine.MachineStatusEvent_UPGRADING,
}

func statusEvent(stage runtime.MachineStage, unmet []runtime.UnmetCondition) *machine.MachineStatusEvent {
	event := &machine.MachineStatusEvent{
		Stage:  wireStages[stage],
		Status: &machine.MachineStatusEvent_MachineStatus{Ready: len(unmet) == 0},
	}

	for _, condition := range unmet {
		event.Status.UnmetConditions = append(event.Status.UnmetConditions,
			&machine.MachineStatusEvent_MachineStatus_UnmetCondition{Name: condition.Name, Reason: condition.Reason})
	}

	return event
}

// hasReadiness tells whether a stage has readiness conditions at all; the others count as ready.
func hasReadiness(stage runtime.MachineStage) bool {
	return slices.Contains([]runtime.MachineStage{runtime.MachineStageBooting, runtime.MachineStageRunning}, stage)
}
