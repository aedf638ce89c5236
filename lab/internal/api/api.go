// Package api answers the Talos API of an emulated machine: one file a family of methods.
package api

import (
	"context"

	cosi "github.com/cosi-project/runtime/api/v1alpha1"
	"github.com/cosi-project/runtime/pkg/state/protobuf/server"
	"github.com/siderolabs/talos/pkg/machinery/api/cluster"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/api/storage"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	emulated "talos-cluster/lab/internal/machine"
)

// API registers the services of a boot.
type API struct {
	// Observer is told what was applied.
	Observer emulated.Observer
}

// Register implements machine.API: what machined serves.
func (api API) Register(registrar grpc.ServiceRegistrar, boot *emulated.Boot) {
	server := &Machine{boot: boot, observer: api.Observer}

	machine.RegisterMachineServiceServer(registrar, server)
	cluster.RegisterClusterServiceServer(registrar, &Cluster{boot: boot})
	api.registerState(registrar, boot)

	if boot.Profile.LifecycleAPI() {
		machine.RegisterLifecycleServiceServer(registrar, &Lifecycle{boot: boot})
		machine.RegisterImageServiceServer(registrar, &Images{boot: boot})
	}
}

// RegisterMaintenance implements machine.API: what the maintenance server of Talos 1.12 serves.
func (api API) RegisterMaintenance(registrar grpc.ServiceRegistrar, boot *emulated.Boot) {
	machine.RegisterMachineServiceServer(registrar, &Maintenance{boot: boot, observer: api.Observer})
	api.registerState(registrar, boot)
}

func (api API) registerState(registrar grpc.ServiceRegistrar, boot *emulated.Boot) {
	storage.RegisterStorageServiceServer(registrar, &Storage{boot: boot})
	cosi.RegisterStateServer(registrar, server.NewState(boot.Resources.Readable()))
}

// Machine is the MachineService of machined.
type Machine struct {
	machine.UnimplementedMachineServiceServer

	boot     *emulated.Boot
	observer emulated.Observer
}

// controlPlaneOnly refuses what only controllers offer, in Talos's words.
func controlPlaneOnly(boot *emulated.Boot, api string) error {
	config := boot.Config()

	if config == nil || !config.CompleteForBoot() || !config.Machine().Type().IsControlPlane() {
		return status.Errorf(codes.Unimplemented, "%s is only available on control plane nodes", api)
	}

	return nil
}

// untilStopped returns a context that also ends when the machine stops its services.
func untilStopped(ctx context.Context, boot *emulated.Boot) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(boot.StreamsContext(), cancel)

	return ctx, func() {
		stop()
		cancel()
	}
}
