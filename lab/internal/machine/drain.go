package machine

import (
	"context"
	"slices"

	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
)

// cordoned tells whether the machine keeps new pods away at its present stage.
func (boot *Boot) cordoned() bool {
	return slices.Contains([]runtime.MachineStage{
		runtime.MachineStageShuttingDown, runtime.MachineStageUpgrading, runtime.MachineStageResetting,
	}, boot.Stage())
}

// cordonAndDrain is the task of a machine that goes out of service by itself. The stage, which the sequence's start has
// changed, is what cordons the Node.
func (boot *Boot) cordonAndDrain(ctx context.Context) error {
	boot.kubernetesConfigChanged()

	return boot.kubernetes.kubelet.Drain(ctx)
}
