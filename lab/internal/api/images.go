package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	emulated "talos-cluster/lab/internal/machine"
)

// Images is the ImageService of Talos 1.13.
type Images struct {
	machine.UnimplementedImageServiceServer

	boot *emulated.Boot
}

// Pull implements machine.ImageServiceServer: progress of each layer, then the name of what is there.
func (server *Images) Pull(
	request *machine.ImageServicePullRequest, stream grpc.ServerStreamingServer[machine.ImageServicePullResponse],
) error {
	where, err := containerd(server.boot, request.GetContainerd())
	if err != nil {
		return err
	}

	image, err := server.boot.Pull(stream.Context(), where, request.GetImageRef(), func(layer string, offset, total int64, unpacked bool) {
		stream.Send(&machine.ImageServicePullResponse{ //nolint:errcheck // the pull ends with its caller anyhow
			Response: &machine.ImageServicePullResponse_PullProgress{PullProgress: layerProgress(layer, offset, total, unpacked)},
		})
	})
	if err != nil {
		return pullError(err)
	}

	return stream.Send(&machine.ImageServicePullResponse{Response: &machine.ImageServicePullResponse_Name{Name: image.Pinned}})
}

func layerProgress(layer string, offset, total int64, unpacked bool) *machine.ImageServicePullProgress {
	progress := &machine.ImageServicePullLayerProgress{
		Status: machine.ImageServicePullLayerProgress_DOWNLOADING, Offset: offset, Total: total,
	}
	if unpacked {
		progress = &machine.ImageServicePullLayerProgress{Status: machine.ImageServicePullLayerProgress_EXTRACT_COMPLETE}
	}

	return &machine.ImageServicePullProgress{LayerId: layer, Progress: progress}
}

// List implements machine.ImageServiceServer.
func (server *Images) List(
	request *machine.ImageServiceListRequest, stream grpc.ServerStreamingServer[machine.ImageServiceListResponse],
) error {
	where, err := containerd(server.boot, request.GetContainerd())
	if err != nil {
		return err
	}

	return eachImage(server.boot, where, func(image emulated.StoredImage) error {
		return stream.Send(&machine.ImageServiceListResponse{
			Name: image.Name, Digest: image.Digest, Size: image.Size, CreatedAt: timestamppb.New(image.CreatedAt),
		})
	})
}

// Remove implements machine.ImageServiceServer.
func (server *Images) Remove(_ context.Context, request *machine.ImageServiceRemoveRequest) (*emptypb.Empty, error) {
	where, err := containerd(server.boot, request.GetContainerd())
	if err != nil {
		return nil, err
	}

	removed, err := server.boot.RemoveImage(where, request.GetImageRef())

	switch {
	case err != nil:
		return nil, status.Errorf(codes.Internal, "failed to remove image %s: %v", request.GetImageRef(), err)
	case !removed:
		return nil, status.Errorf(codes.NotFound, "image %s not found", request.GetImageRef())
	}

	return &emptypb.Empty{}, nil
}

// ImagePull implements machine.MachineServiceServer: the old way, which upgrade-k8s goes.
func (server *Machine) ImagePull(ctx context.Context, request *machine.ImagePullRequest) (*machine.ImagePullResponse, error) {
	where, err := namespaceOf(server.boot, request.GetNamespace())
	if err != nil {
		return nil, err
	}

	if _, err := server.boot.Pull(ctx, where, request.GetReference(), func(string, int64, int64, bool) {}); err != nil {
		return nil, pullError(err)
	}

	return &machine.ImagePullResponse{Messages: []*machine.ImagePull{{}}}, nil
}

// ImageList implements machine.MachineServiceServer.
func (server *Machine) ImageList(
	request *machine.ImageListRequest, stream grpc.ServerStreamingServer[machine.ImageListResponse],
) error {
	where, err := namespaceOf(server.boot, request.GetNamespace())
	if err != nil {
		return err
	}

	return eachImage(server.boot, where, func(image emulated.StoredImage) error {
		return stream.Send(&machine.ImageListResponse{
			Name: image.Name, Digest: image.Digest, Size: image.Size, CreatedAt: timestamppb.New(image.CreatedAt),
		})
	})
}

// eachImage sends the images of one store, in the form of the service that was asked.
func eachImage(boot *emulated.Boot, where emulated.Containerd, send func(emulated.StoredImage) error) error {
	images, err := boot.Images(where)
	if err != nil {
		return err
	}

	for _, image := range images {
		if err := send(image); err != nil {
			return err
		}
	}

	return nil
}

func pullError(err error) error {
	if errors.Is(err, emulated.ErrImageNotFound) {
		return status.Errorf(codes.NotFound, "error pulling image: %s", err)
	}

	return err
}

func notInStore(name string) error {
	return fmt.Errorf("installer image %q not found in containerd store: image %q: not found", name, name)
}

// containerd returns which of the machine's image stores a request of Talos 1.13 names, in Talos's words when none.
func containerd(boot *emulated.Boot, instance *common.ContainerdInstance) (emulated.Containerd, error) {
	driver, namespace := instance.GetDriver(), instance.GetNamespace()

	switch {
	case driver != common.ContainerDriver_CRI && driver != common.ContainerDriver_CONTAINERD:
		return "", status.Errorf(codes.InvalidArgument, "invalid containerd driver %s", driver)
	case namespace != common.ContainerdNamespace_NS_CRI && namespace != common.ContainerdNamespace_NS_SYSTEM:
		return "", status.Errorf(codes.InvalidArgument, "invalid containerd namespace %s", namespace)
	case driver == common.ContainerDriver_CRI:
		return namespaceOf(boot, namespace)
	case namespace == common.ContainerdNamespace_NS_CRI:
		return "", status.Error(codes.InvalidArgument, "cannot use CRI namespace with containerd driver")
	default:
		return connected(boot, emulated.ContainerdMemory)
	}
}

// namespaceOf returns the image store of a namespace of the CRI's containerd.
func namespaceOf(boot *emulated.Boot, namespace common.ContainerdNamespace) (emulated.Containerd, error) {
	switch namespace {
	case common.ContainerdNamespace_NS_CRI:
		return connected(boot, emulated.ContainerdKubernetes)
	case common.ContainerdNamespace_NS_SYSTEM:
		return connected(boot, emulated.ContainerdSystem)
	case common.ContainerdNamespace_NS_UNKNOWN:
	}

	return "", status.Errorf(codes.InvalidArgument, "invalid namespace %s", namespace)
}

func connected(boot *emulated.Boot, where emulated.Containerd) (emulated.Containerd, error) {
	if !boot.ContainerdUp(where) {
		return "", status.Error(codes.Unavailable, "error connecting to containerd: failed to dial \"/run/containerd/containerd.sock\": context deadline exceeded")
	}

	return where, nil
}
