package api

import (
	"context"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/types/known/emptypb"
)

// ServiceList implements machine.MachineServiceServer.
func (server *Machine) ServiceList(context.Context, *emptypb.Empty) (*machine.ServiceListResponse, error) {
	return &machine.ServiceListResponse{
		Messages: []*machine.ServiceList{{Services: server.boot.Services.List()}},
	}, nil
}
