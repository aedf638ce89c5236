package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	emulated "talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
)

// Maintenance is the MachineService of the maintenance server of Talos 1.12: it takes a configuration and little else.
type Maintenance struct {
	machine.UnimplementedMachineServiceServer

	boot     *emulated.Boot
	observer emulated.Observer
}

// errMaintenance is the answer to what only SideroLink peers may do in maintenance.
var errMaintenance = status.Error(codes.Unimplemented, "API is not implemented in maintenance mode")

// Version implements machine.MachineServiceServer.
func (server *Maintenance) Version(context.Context, *emptypb.Empty) (*machine.VersionResponse, error) {
	return nil, errMaintenance
}

// Upgrade implements machine.MachineServiceServer.
func (server *Maintenance) Upgrade(context.Context, *machine.UpgradeRequest) (*machine.UpgradeResponse, error) {
	return nil, errMaintenance
}

// Reset implements machine.MachineServiceServer.
func (server *Maintenance) Reset(context.Context, *machine.ResetRequest) (*machine.ResetResponse, error) {
	return nil, errMaintenance
}

// MetaWrite implements machine.MachineServiceServer.
func (server *Maintenance) MetaWrite(context.Context, *machine.MetaWriteRequest) (*machine.MetaWriteResponse, error) {
	return nil, errMaintenance
}

// MetaDelete implements machine.MachineServiceServer.
func (server *Maintenance) MetaDelete(context.Context, *machine.MetaDeleteRequest) (*machine.MetaDeleteResponse, error) {
	return nil, errMaintenance
}

// ApplyConfiguration implements machine.MachineServiceServer. Its answer never says which mode was used.
func (server *Maintenance) ApplyConfiguration(
	ctx context.Context, request *machine.ApplyConfigurationRequest,
) (*machine.ApplyConfigurationResponse, error) {
	if holdsSecrets(request.GetData()) {
		server.observer.SecretsReceived(server.boot.Machine)
	}

	switch request.Mode { //nolint:exhaustive
	case machine.ApplyConfigurationRequest_TRY, machine.ApplyConfigurationRequest_REBOOT, machine.ApplyConfigurationRequest_AUTO:
	default:
		return nil, status.Errorf(codes.Unimplemented, "apply configuration --mode='%s' is not supported in maintenance mode",
			strings.ReplaceAll(strings.ToLower(request.Mode.String()), "_", "-"))
	}

	boot := server.boot

	provider, err := boot.Profile.Decode(request.GetData())
	if err != nil {
		return nil, fmt.Errorf("failed to parse config: %w", err)
	}

	static, runtime, staticErr, runtimeErr := boot.Profile.Validate(ctx, provider, boot.Resources, profile.Mode{})

	switch {
	case staticErr != nil:
		return nil, status.Errorf(codes.InvalidArgument, "configuration validation failed: %s", staticErr)
	case runtimeErr != nil:
		return nil, status.Errorf(codes.InvalidArgument, "runtime configuration validation failed: %s", runtimeErr)
	}

	message := &machine.ApplyConfiguration{Warnings: slices.Concat(static, runtime)}
	response := &machine.ApplyConfigurationResponse{Messages: []*machine.ApplyConfiguration{message}}

	if request.DryRun {
		message.ModeDetails = "Dry run summary:\nNode is running in maintenance mode and does not have a config yet."

		return response, nil
	}

	ctx = context.WithoutCancel(ctx)

	if err := boot.SetPersistedConfig(ctx, provider); err != nil {
		return nil, err
	}

	if err := boot.SetConfig(ctx, provider); err != nil {
		return nil, err
	}

	server.observer.Applied(boot.Machine, emulated.Apply{
		Mode: request.Mode.String(), ResolvedMode: request.Mode.String(), Insecure: true,
	})

	return response, nil
}
