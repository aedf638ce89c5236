package api_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/network"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"

	"talos-cluster/lab/internal/labtest"
	lab "talos-cluster/lab/internal/machine"
)

// startCluster is a controller and a worker of one cluster, not bootstrapped, and a machine that is switched off.
func startCluster(test *testing.T, network int) *labtest.Lab {
	test.Helper()

	started := labtest.Start(test, network, "v1.13.0", 11, 12, 21)
	started.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	started.Configure(21, machineconfig.TypeWorker, "worker-1", "v1.13.0")
	labtest.Must(test, started.Machine(12).SetPower(context.Background(), lab.PowerOff))

	return started
}

func hostnames(response *machine.VersionResponse) []string {
	names := []string(nil)

	for _, message := range response.Messages {
		if message.Metadata != nil {
			names = append(names, message.Metadata.Hostname)
		}
	}

	slices.Sort(names)

	return names
}

func TestRouting(test *testing.T) {
	lab := startCluster(test, 208)
	controller, worker := lab.Admin(11), lab.Admin(21)
	version := func(via *client.Client, ctx context.Context) (*machine.VersionResponse, error) { //nolint:revive
		return via.MachineClient.Version(ctx, &emptypb.Empty{})
	}

	local, err := version(controller, lab.Context())
	labtest.Must(test, err)

	if local.Messages[0].Metadata != nil {
		test.Error("a local answer carries metadata")
	}

	many, err := version(controller, client.WithNodes(lab.Context(), lab.Address(11), lab.Address(21)))
	labtest.Must(test, err)

	if got, want := hostnames(many), []string{lab.Address(11), lab.Address(21)}; !slices.Equal(got, want) {
		test.Errorf("answers of %v, want %v", got, want)
	}

	one, err := version(controller, client.WithNode(lab.Context(), lab.Address(21)))
	labtest.Must(test, err)

	if one.Messages[0].Metadata != nil {
		test.Error("a transparent answer carries metadata")
	}

	partly, err := version(controller, client.WithNodes(lab.Context(), lab.Address(11), lab.Address(12)))
	labtest.Must(test, err)

	failures := 0

	for _, message := range partly.Messages {
		if message.Metadata.Error != "" {
			failures++

			if message.Metadata.Hostname != lab.Address(12) || codes.Code(message.Metadata.Status.Code) != codes.Unavailable ||
				!strings.Contains(message.Metadata.Error, "connection refused") {
				test.Errorf("failure: %v", message.Metadata)
			}
		}
	}

	if failures != 1 || len(partly.Messages) != 2 {
		test.Errorf("%d answers, %d failures", len(partly.Messages), failures)
	}

	_, err = version(controller, client.WithNode(lab.Context(), lab.Address(21)+":50000"))
	said(test, err, codes.Internal, "invalid target")

	_, err = version(worker, client.WithNodes(lab.Context(), lab.Address(11)))
	said(test, err, codes.PermissionDenied, "no request forwarding")

	for _, self := range []string{lab.Address(21), "worker-1"} {
		_, err = version(worker, client.WithNodes(lab.Context(), self))
		said(test, err, codes.OK, "")
	}

	_, err = safe.StateGetByID[*network.HostnameStatus](client.WithNodes(lab.Context(), lab.Address(11)), controller.COSI, network.HostnameID)
	said(test, err, codes.InvalidArgument, "one-2-many proxying is not supported for method /cosi.resource.State/Get")

	status, err := safe.StateGetByID[*network.HostnameStatus](client.WithNode(lab.Context(), lab.Address(21)), controller.COSI, network.HostnameID)
	labtest.Must(test, err)

	if status.TypedSpec().Hostname != "worker-1" {
		test.Errorf("hostname %q", status.TypedSpec().Hostname)
	}
}

func TestMaintenanceRoutesNothing(test *testing.T) {
	lab := labtest.Start(test, 209, "v1.13.0", 11)

	response, err := lab.Insecure(11).MachineClient.Version(client.WithNodes(lab.Context(), "10.9.9.9", "10.9.9.8"), &emptypb.Empty{})
	labtest.Must(test, err)

	if len(response.Messages) != 1 || response.Messages[0].Metadata != nil {
		test.Errorf("answer %v", response)
	}
}

func TestRoles(test *testing.T) {
	lab := startCluster(test, 210)
	denied := "not authorized"

	calls := map[string]func(*client.Client) error{
		"Version": func(via *client.Client) error { _, err := via.Version(lab.Context()); return err },
		"Reboot":  func(via *client.Client) error { return via.Reboot(lab.Context()) },
		"Bootstrap": func(via *client.Client) error {
			return via.Bootstrap(lab.Context(), &machine.BootstrapRequest{})
		},
		"Kubeconfig": func(via *client.Client) error { _, err := via.Kubeconfig(lab.Context()); return err },
		"ApplyConfiguration": func(via *client.Client) error {
			_, err := via.ApplyConfiguration(lab.Context(), &request{Data: []byte("{"), DryRun: true})

			return err
		},
		"get hostname": func(via *client.Client) error {
			_, err := safe.StateGetByID[*network.HostnameStatus](lab.Context(), via.COSI, network.HostnameID)

			return err
		},
		"get machineconfig": func(via *client.Client) error {
			_, err := safe.StateGetByID[*config.MachineConfig](lab.Context(), via.COSI, config.ActiveID)

			return err
		},
	}

	for held, allowed := range map[role.Role][]string{
		role.Reader:     {"Version", "get hostname"},
		role.EtcdBackup: {},
	} {
		for name, call := range calls {
			// Reboot and Bootstrap must be refused here: allowed they would change the machine.
			err := call(lab.Client(11, held))

			if slices.Contains(allowed, name) {
				said(test, err, codes.OK, "")
			} else {
				said(test, err, codes.PermissionDenied, denied)
			}
		}
	}

	// Roles travel with a call that is passed on.
	_, err := lab.Client(11, role.Reader).MachineClient.Read(client.WithNode(lab.Context(), lab.Address(21)), &machine.ReadRequest{})
	labtest.Must(test, err)

	_, err = lab.Client(11, role.Reader).MachineClient.Reboot(client.WithNode(lab.Context(), lab.Address(21)), &machine.RebootRequest{})
	said(test, err, codes.PermissionDenied, denied)
}

func TestResourceAccess(test *testing.T) {
	lab := labtest.Start(test, 211, "v1.13.0", 11)
	insecure := lab.Insecure(11)

	_, err := safe.StateGetByID[*config.MachineConfig](lab.Context(), insecure.COSI, config.ActiveID)
	said(test, err, codes.PermissionDenied, "not authorized")

	_, err = insecure.COSI.Get(lab.Context(), resource.NewMetadata("runtime", "Nothings.runtime.talos.dev", "x", resource.VersionUndefined))
	said(test, err, codes.PermissionDenied, `resource type "Nothings.runtime.talos.dev" is not supported`)

	_, err = insecure.COSI.Get(lab.Context(), resource.NewMetadata("nope", network.HostnameStatusType, "x", resource.VersionUndefined))
	said(test, err, codes.PermissionDenied, `namespace "nope" is not supported`)

	err = insecure.COSI.Create(lab.Context(), network.NewHostnameStatus(network.NamespaceName, "mine"))
	saidText(test, err, "code = PermissionDenied desc = not authorized")

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	err = lab.Admin(11).COSI.Create(lab.Context(), network.NewHostnameStatus(network.NamespaceName, "mine"))
	saidText(test, err, "code = PermissionDenied desc = write access is not allowed")
}

// saidText is for errors that the COSI client wraps in a type without a code.
func saidText(test *testing.T, err error, text string) {
	test.Helper()

	if err == nil || !strings.Contains(err.Error(), text) {
		test.Errorf("answer %v, want %q", err, text)
	}
}
