package api

import (
	"errors"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	emulated "talos-cluster/lab/internal/machine"
)

// Lifecycle is the LifecycleService of Talos 1.13.
type Lifecycle struct {
	machine.UnimplementedLifecycleServiceServer

	boot *emulated.Boot
}

// Upgrade implements machine.LifecycleServiceServer. It asks no etcd, drains nothing and does not restart the machine:
// all that is the caller's.
func (server *Lifecycle) Upgrade(
	request *machine.LifecycleServiceUpgradeRequest, stream grpc.ServerStreamingServer[machine.LifecycleServiceUpgradeResponse],
) error {
	boot := server.boot
	name := request.GetSource().GetImageName()

	switch {
	case boot.Machine.Disk.System() == nil:
		return status.Error(codes.FailedPrecondition, "machine is not installed")
	case boot.Installing():
		return status.Error(codes.FailedPrecondition, emulated.ErrInstalling.Error())
	case name == "":
		return status.Error(codes.InvalidArgument, "installer image name is required")
	}

	image, err := installerImage(boot, request, name)
	if err != nil {
		return status.Errorf(codes.Internal, "upgrade failed: %s", err)
	}

	boot.Journal.Talos("starting upgrade: installer_image=%s, disk=%s", name, boot.Machine.Disk.System().Device)

	// A caller who is gone misses the output. The installer goes on.
	code, err := boot.InstallUpgrade(image.Pulled, func(line string) {
		boot.Journal.Service("machined").Printf("upgrade progress: %s", line)

		stream.Send(&machine.LifecycleServiceUpgradeResponse{Progress: &machine.LifecycleServiceInstallProgress{ //nolint:errcheck
			Response: &machine.LifecycleServiceInstallProgress_Message{Message: line + "\n"},
		}})
	})

	switch {
	case errors.Is(err, emulated.ErrInstalling):
		return status.Error(codes.FailedPrecondition, err.Error())
	case err != nil:
		return status.Errorf(codes.Internal, "upgrade failed: %s", err)
	}

	if code == 0 {
		boot.Journal.Talos("upgrade completed successfully: exit_code=%d", code)
	} else {
		boot.Journal.Talos("upgrade failed: exit_code=%d", code)
	}

	return stream.Send(&machine.LifecycleServiceUpgradeResponse{Progress: &machine.LifecycleServiceInstallProgress{
		Response: &machine.LifecycleServiceInstallProgress_ExitCode{ExitCode: code},
	}})
}

func installerImage(boot *emulated.Boot, request *machine.LifecycleServiceUpgradeRequest, name string) (*emulated.StoredImage, error) {
	where, err := containerd(boot, request.GetContainerd())
	if err != nil {
		return nil, err
	}

	image, err := boot.FindImage(where, name)
	if err != nil {
		return nil, err
	}

	if image == nil {
		return nil, notInStore(name)
	}

	return image, nil
}
