package api

import (
	"context"
	"fmt"
	"slices"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"talos-cluster/lab/internal/journal"
)

// Logs implements machine.MachineServiceServer for services; there are no containers to read logs of.
func (server *Machine) Logs(request *machine.LogsRequest, stream machine.MachineService_LogsServer) error {
	if request.Namespace != constants.SystemContainerdNamespace && request.Id != "kubelet" {
		if request.Namespace == "" {
			return status.Errorf(codes.InvalidArgument, "namespace can't be empty")
		}

		return fmt.Errorf("container %q not found", request.Id)
	}

	if !slices.Contains(server.boot.Journal.IDs(), request.Id) {
		return fmt.Errorf("log %q was not registered", request.Id)
	}

	return server.stream(stream, server.boot.Journal.Service(request.Id),
		journal.Options{Follow: request.Follow, TailLines: int(request.TailLines)})
}

// LogsContainers implements machine.MachineServiceServer.
func (server *Machine) LogsContainers(context.Context, *emptypb.Empty) (*machine.LogsContainersResponse, error) {
	return &machine.LogsContainersResponse{
		Messages: []*machine.LogsContainer{{Ids: server.boot.Journal.IDs()}},
	}, nil
}

// Dmesg implements machine.MachineServiceServer.
func (server *Machine) Dmesg(request *machine.DmesgRequest, stream machine.MachineService_DmesgServer) error {
	options := journal.Options{Follow: request.Follow, TailLines: -1}
	if request.Tail {
		options.TailLines = 0
	}

	return server.stream(stream, server.boot.Journal.Kernel, options)
}

type dataStream interface {
	Send(*common.Data) error
	Context() context.Context
}

func (server *Machine) stream(stream dataStream, log *journal.Log, options journal.Options) error {
	ctx, cancel := untilStopped(stream.Context(), server.boot)
	defer cancel()

	return log.Read(ctx, options, func(line []byte) error { return stream.Send(&common.Data{Bytes: line}) })
}
