package api

import (
	"context"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	emulated "talos-cluster/lab/internal/machine"
)

// Bootstrap implements machine.MachineServiceServer, with the refusals of Talos in their order.
func (server *Machine) Bootstrap(_ context.Context, request *machine.BootstrapRequest) (*machine.BootstrapResponse, error) {
	boot := server.boot

	boot.Journal.Talos("bootstrap request received")

	config := boot.Config()
	if !boot.Profile.MachineTypeChecks() && config != nil && config.CompleteForBoot() && !config.Machine().Type().IsControlPlane() {
		return nil, status.Error(codes.FailedPrecondition, "bootstrap can only be performed on a control plane node")
	}

	if !boot.BootstrapAllowed() {
		return nil, status.Error(codes.FailedPrecondition, "bootstrap is not available yet")
	}

	if err := controlPlaneOnly(boot, "bootstrap"); err != nil {
		return nil, err
	}

	if request.RecoverEtcd {
		return nil, status.Error(codes.Unimplemented, "recovering etcd from a snapshot is not emulated yet")
	}

	if boot.Etcd().HasData() {
		return nil, status.Error(codes.AlreadyExists, emulated.ErrDataDirectoryNotEmpty.Error())
	}

	if err := boot.BootstrapEtcd(); err != nil {
		return nil, err
	}

	return &machine.BootstrapResponse{Messages: []*machine.Bootstrap{{}}}, nil
}
