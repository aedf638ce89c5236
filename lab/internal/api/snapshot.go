package api

import (
	"context"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc"
)

// dataWriter sends what is written as a stream of data.
type dataWriter struct {
	stream grpc.ServerStreamingServer[common.Data]
}

// Write implements io.Writer.
func (writer dataWriter) Write(data []byte) (int, error) {
	return len(data), writer.stream.Send(&common.Data{Bytes: data})
}

// EtcdSnapshot implements machine.MachineServiceServer: the database of the machine's own member, as etcd streams it.
func (server *Machine) EtcdSnapshot(_ *machine.EtcdSnapshotRequest, stream machine.MachineService_EtcdSnapshotServer) error {
	if err := controlPlaneOnly(server.boot, "etcd snapshot"); err != nil {
		return err
	}

	_, err := patiently(stream.Context(), server.boot.Etcd().Running, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, server.boot.Etcd().Snapshot(ctx, dataWriter{stream})
	})

	return err
}
