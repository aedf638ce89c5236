package api

import (
	"context"

	"github.com/google/uuid"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
)

// Reboot implements machine.MachineServiceServer.
func (server *Machine) Reboot(_ context.Context, request *machine.RebootRequest) (*machine.RebootResponse, error) {
	actorID := uuid.NewString()

	server.boot.Journal.Talos("reboot via API received. actor id: %s", actorID)
	server.boot.Reboot(actorID, request.GetMode(), false)

	return &machine.RebootResponse{Messages: []*machine.Reboot{{ActorId: actorID}}}, nil
}
