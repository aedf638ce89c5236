package api_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"talos-cluster/lab/internal/labtest"
)

func TestBootstrap(test *testing.T) {
	lab := labtest.Start(test, 212, "v1.13.0", 11, 12, 21)

	_, err := lab.Insecure(11).MachineClient.Bootstrap(lab.Context(), &machine.BootstrapRequest{})
	said(test, err, codes.PermissionDenied, "not authorized")

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	lab.Configure(12, machineconfig.TypeControlPlane, "controller-2", "v1.13.0")
	lab.Configure(21, machineconfig.TypeWorker, "worker-1", "v1.13.0")

	// A worker boots to the end without a cluster, a controller waits for its etcd.
	lab.Stage(21, runtime.MachineStageRunning)
	lab.Stage(11, runtime.MachineStageBooting)

	said(test, lab.Admin(21).Bootstrap(lab.Context(), &machine.BootstrapRequest{}), codes.Unimplemented,
		"bootstrap is only available on control plane nodes")
	said(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}), codes.OK, "")

	lab.Stage(11, runtime.MachineStageRunning)
	lab.Stage(12, runtime.MachineStageRunning)

	for _, host := range []int{11, 12} {
		said(test, lab.Admin(host).Bootstrap(lab.Context(), &machine.BootstrapRequest{}), codes.AlreadyExists,
			"etcd data directory is not empty")
	}

	lab.Eventually("two voting members", func() error {
		list, err := lab.Admin(12).EtcdMemberList(lab.Context(), &machine.EtcdMemberListRequest{})
		if err != nil {
			return err
		}

		voters := 0

		for _, member := range list.Messages[0].Members {
			if !member.IsLearner {
				voters++
			}
		}

		if voters != 2 {
			return fmt.Errorf("%d voters", voters)
		}

		return nil
	})

	if bootstraps := lab.Recorder.Report().Invariants.Bootstraps; bootstraps != 1 {
		test.Errorf("%d bootstraps recorded", bootstraps)
	}
}

func TestBootstrapIsNotAvailableWhileTalosIsBeingInstalled(test *testing.T) {
	lab := labtest.Start(test, 213, "v1.13.0", 11)
	lab.Slow(11)
	lab.Apply(11, lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0"))

	lab.Eventually("an answer over mTLS during the installation", func() error {
		err := lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{})
		if err == nil {
			return errors.New("bootstrapped during the installation")
		}

		if lab.Machine(11).Boot() == nil || lab.Machine(11).Boot().Stage() != runtime.MachineStageInstalling {
			return fmt.Errorf("not installing: %w", err)
		}

		if status.Code(err) == codes.Unavailable {
			return err
		}

		said(test, err, codes.FailedPrecondition, "bootstrap is not available yet")

		return nil
	})
}

func TestBootstrapOn112(test *testing.T) {
	lab := labtest.Start(test, 214, "v1.12.0", 11, 21)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.12.0")
	lab.Configure(21, machineconfig.TypeWorker, "worker-1", "v1.12.0")

	said(test, lab.Admin(21).Bootstrap(lab.Context(), &machine.BootstrapRequest{}), codes.FailedPrecondition,
		"bootstrap can only be performed on a control plane node")
}

func TestControlPlaneOnly(test *testing.T) {
	lab := labtest.Start(test, 215, "v1.13.0", 11)
	insecure := lab.Insecure(11)

	_, err := insecure.EtcdMemberList(lab.Context(), &machine.EtcdMemberListRequest{})
	said(test, err, codes.Unimplemented, "member list is only available on control plane nodes")

	_, err = insecure.EtcdStatus(lab.Context())
	said(test, err, codes.Unimplemented, "etcd status is only available on control plane nodes")

	_, err = insecure.EtcdAlarmList(lab.Context())
	said(test, err, codes.Unimplemented, "etcd alarm list is only available on control plane nodes")
}
