package api

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	emulated "talos-cluster/lab/internal/machine"
)

// Upgrade implements machine.MachineServiceServer: the old way, the only one on Talos 1.12. It answers once the image is
// there and etcd may spare the machine; what follows is seen in the events.
func (server *Machine) Upgrade(ctx context.Context, request *machine.UpgradeRequest) (*machine.UpgradeResponse, error) {
	boot := server.boot
	actorID := uuid.NewString()

	if boot.Machine.Disk.System() == nil {
		return nil, status.Error(codes.FailedPrecondition, "Talos is not installed")
	}

	boot.Journal.Talos("upgrade request received: staged %v, force %v, reboot mode %s",
		request.GetStage(), request.GetForce(), request.GetRebootMode())
	boot.Journal.Talos("validating %q", request.GetImage())

	if _, err := boot.Pull(ctx, emulated.ContainerdMemory, request.GetImage(), func(string, int64, int64, bool) {}); err != nil {
		return nil, fmt.Errorf("error validating installer image %q: %w", request.GetImage(), err)
	}

	if boot.Config().Machine().Type().IsControlPlane() && !request.GetForce() {
		if err := boot.GuardUpgrade(ctx); err != nil {
			return nil, err
		}
	}

	if request.GetStage() {
		if err := boot.StageUpgrade(actorID, request); err != nil {
			return nil, err
		}
	} else {
		boot.Upgrade(actorID, request)
	}

	return &machine.UpgradeResponse{Messages: []*machine.Upgrade{{Ack: "Upgrade request received", ActorId: actorID}}}, nil
}
