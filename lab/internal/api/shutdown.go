package api

import (
	"context"

	"github.com/google/uuid"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
)

// Shutdown implements machine.MachineServiceServer.
func (server *Machine) Shutdown(_ context.Context, request *machine.ShutdownRequest) (*machine.ShutdownResponse, error) {
	actorID := uuid.NewString()

	server.boot.Journal.Talos("shutdown via API received. actor id: %s", actorID)
	server.boot.Shutdown(actorID, request.GetForce())

	return &machine.ShutdownResponse{Messages: []*machine.Shutdown{{ActorId: actorID}}}, nil
}
