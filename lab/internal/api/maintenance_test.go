package api_test

import (
	"fmt"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"google.golang.org/grpc/codes"

	"talos-cluster/lab/internal/labtest"
)

func TestMaintenanceOf112(test *testing.T) {
	lab := labtest.Start(test, 203, "v1.12.0", 11)
	insecure := lab.Insecure(11)
	config := lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.12.0")

	_, err := insecure.Version(lab.Context())
	said(test, err, codes.Unimplemented, "API is not implemented in maintenance mode")

	_, err = insecure.ServiceList(lab.Context())
	said(test, err, codes.Unimplemented, "")

	_, err = insecure.Disks(lab.Context())
	said(test, err, codes.OK, "")

	_, err = apply(test, lab, insecure, &request{Data: []byte("{"), Mode: auto})
	said(test, err, codes.Unknown, "failed to parse config")

	_, err = apply(test, lab, insecure, &request{Data: []byte("version: v1alpha1\nmachine:\n  type: worker\n"), Mode: auto})
	said(test, err, codes.InvalidArgument, "configuration validation failed: ")

	for mode, name := range map[machine.ApplyConfigurationRequest_Mode]string{staged: "staged", noReboot: "no-reboot"} {
		_, err = apply(test, lab, insecure, &request{Data: config, Mode: mode})
		said(test, err, codes.Unimplemented, fmt.Sprintf("apply configuration --mode='%s' is not supported in maintenance mode", name))
	}

	answer, err := apply(test, lab, insecure, &request{Data: config, Mode: auto, DryRun: true})
	labtest.Must(test, err)

	if answer.Mode != 0 || answer.ModeDetails != "Dry run summary:\nNode is running in maintenance mode and does not have a config yet." {
		test.Errorf("dry run: %s %q", answer.Mode, answer.ModeDetails)
	}

	tooNew := lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.12.0",
		"cluster:\n  apiServer:\n    image: registry.k8s.io/kube-apiserver:v1.36.0\n")
	_, err = apply(test, lab, insecure, &request{Data: tooNew, Mode: auto})
	said(test, err, codes.InvalidArgument,
		"runtime configuration validation failed: ")
	said(test, err, codes.InvalidArgument, "version of Kubernetes 1.36.0 is too new to be used with Talos 1.12.0")
}
