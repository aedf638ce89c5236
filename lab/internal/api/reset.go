package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/google/uuid"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/block"

	emulated "talos-cluster/lab/internal/machine"
)

// Reset implements machine.MachineServiceServer.
func (server *Machine) Reset(ctx context.Context, request *machine.ResetRequest) (*machine.ResetResponse, error) {
	actorID := uuid.NewString()

	server.boot.Journal.Talos("reset request received. actorID: %s", actorID)

	if err := server.checkUserDisks(ctx, request); err != nil {
		return nil, err
	}

	partitions, err := server.partitions(ctx, request)
	if err != nil {
		return nil, err
	}

	system := request.Mode != machine.ResetRequest_USER_DISKS

	if !system {
		partitions = nil
	}

	server.boot.Reset(actorID, emulated.Reset{
		Graceful:   request.Graceful,
		Reboot:     request.Reboot,
		Partitions: partitions,
		SystemDisk: system && len(request.SystemPartitionsToWipe) == 0,
		UserDisks:  request.UserDisksToWipe,
	})

	return &machine.ResetResponse{Messages: []*machine.Reset{{ActorId: actorID}}}, nil
}

func (server *Machine) checkUserDisks(ctx context.Context, request *machine.ResetRequest) error {
	if len(request.UserDisksToWipe) == 0 {
		return nil
	}

	if request.Mode == machine.ResetRequest_SYSTEM_DISK {
		return errors.New("reset failed: invalid input, wipe mode SYSTEM_DISK doesn't support UserDisksToWipe parameter")
	}

	disks, err := safe.StateListAll[*block.Disk](ctx, server.boot.Resources)
	if err != nil {
		return fmt.Errorf("listing disks failed: %w", err)
	}

	for _, name := range request.UserDisksToWipe {
		disk, found := disks.Find(func(disk *block.Disk) bool { return disk.TypedSpec().DevPath == name })
		installed := server.boot.Machine.Disk.System()

		switch {
		case !found:
			return fmt.Errorf("reset user disk failed: device %s wasn't found", name)
		case disk.TypedSpec().Readonly:
			return fmt.Errorf("reset user disk failed: device %s is readonly", name)
		case installed != nil && installed.Device == name:
			return fmt.Errorf("reset user disk failed: device %s is the system disk", name)
		}
	}

	return nil
}

// partitions are the labels of those to empty, all of which must be there.
func (server *Machine) partitions(ctx context.Context, request *machine.ResetRequest) ([]string, error) {
	if len(request.SystemPartitionsToWipe) > 0 && request.Mode == machine.ResetRequest_USER_DISKS {
		return nil, errors.New("reset failed: invalid input, wipe mode USER_DISKS doesn't support SystemPartitionsToWipe parameter")
	}

	labels := []string(nil)

	for _, spec := range request.SystemPartitionsToWipe {
		volume, err := safe.ReaderGetByID[*block.VolumeStatus](ctx, server.boot.Resources, spec.Label)
		if err != nil {
			return nil, fmt.Errorf("failed to get volume status with label %q: %w", spec.Label, err)
		}

		if volume.TypedSpec().Location == "" {
			return nil, fmt.Errorf("failed to reset: volume %q is not located", spec.Label)
		}

		if spec.Wipe {
			labels = append(labels, spec.Label)
		}
	}

	return labels, nil
}
