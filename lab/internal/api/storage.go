package api

import (
	"context"
	"path/filepath"

	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/siderolabs/talos/pkg/machinery/api/storage"
	"github.com/siderolabs/talos/pkg/machinery/resources/block"
	"google.golang.org/protobuf/types/known/emptypb"

	emulated "talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/resources"
)

// Storage is the StorageService: the old way to list disks, which the Pulumi plugin still probes machines with.
type Storage struct {
	storage.UnimplementedStorageServiceServer

	boot *emulated.Boot
}

// Disks implements storage.StorageServiceServer.
func (server *Storage) Disks(ctx context.Context, _ *emptypb.Empty) (*storage.DisksResponse, error) {
	disks, err := safe.StateListAll[*block.Disk](ctx, server.boot.Resources)
	if err != nil {
		return nil, err
	}

	installed := server.boot.Machine.Disk.System() != nil
	reply := &storage.Disks{}

	for disk := range disks.All() {
		spec := disk.TypedSpec()
		kind := storage.Disk_UNKNOWN

		if spec.Transport != "" {
			kind = storage.Disk_SSD
		}

		reply.Disks = append(reply.Disks, &storage.Disk{
			DeviceName: filepath.Join("/dev", disk.Metadata().ID()),
			Model:      spec.Model,
			Size:       spec.Size,
			Serial:     spec.Serial,
			Modalias:   spec.Modalias,
			Wwid:       spec.WWID,
			Uuid:       spec.UUID,
			Type:       kind,
			BusPath:    spec.BusPath,
			SystemDisk: installed && disk.Metadata().ID() == resources.SystemDevice,
			Subsystem:  spec.SubSystem,
			Readonly:   spec.Readonly,
		})
	}

	return &storage.DisksResponse{Messages: []*storage.Disks{reply}}, nil
}
