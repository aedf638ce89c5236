package api

import (
	"context"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	emulated "talos-cluster/lab/internal/machine"
)

// timeSyncTimeout is how long Talos waits for a clock in sync before it refuses.
const timeSyncTimeout = 5 * time.Second

// Bootstrap implements machine.MachineServiceServer, with the refusals of Talos in their order.
func (server *Machine) Bootstrap(ctx context.Context, request *machine.BootstrapRequest) (*machine.BootstrapResponse, error) {
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

	waiting, stop := context.WithTimeout(ctx, timeSyncTimeout)
	defer stop()

	if boot.AwaitTimeSync(waiting) != nil {
		return nil, status.Error(codes.FailedPrecondition, "time is not in sync yet")
	}

	if boot.Etcd().HasData() {
		return nil, status.Error(codes.AlreadyExists, emulated.ErrDataDirectoryNotEmpty.Error())
	}

	err := boot.BootstrapEtcd(emulated.EtcdBeginning{
		Bootstrap: true, Recover: request.RecoverEtcd, SkipHashCheck: request.RecoverSkipHashCheck,
	})
	if err != nil {
		return nil, err
	}

	return &machine.BootstrapResponse{Messages: []*machine.Bootstrap{{}}}, nil
}
