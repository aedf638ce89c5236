package api

import (
	"errors"
	"io"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// EtcdRecover implements machine.MachineServiceServer: it only keeps the snapshot, Bootstrap recovers from it.
func (server *Machine) EtcdRecover(stream machine.MachineService_EtcdRecoverServer) error {
	if !server.boot.EphemeralMounted() {
		return status.Error(codes.FailedPrecondition, "etcd service is not ready for recovery yet")
	}

	if err := controlPlaneOnly(server.boot, "etcd recover"); err != nil {
		return err
	}

	if err := server.boot.UploadEtcdSnapshot(&dataReader{stream: stream}); err != nil {
		return err
	}

	return stream.SendAndClose(&machine.EtcdRecoverResponse{Messages: []*machine.EtcdRecover{{}}})
}

// dataReader reads a stream of data.
type dataReader struct {
	stream grpc.ClientStreamingServer[common.Data, machine.EtcdRecoverResponse]
	rest   []byte
}

// Read implements io.Reader.
func (reader *dataReader) Read(into []byte) (int, error) {
	for len(reader.rest) == 0 {
		message, err := reader.stream.Recv()
		if errors.Is(err, io.EOF) {
			return 0, io.EOF
		}

		if err != nil {
			return 0, err
		}

		reader.rest = message.Bytes
	}

	count := copy(into, reader.rest)
	reader.rest = reader.rest[count:]

	return count, nil
}
