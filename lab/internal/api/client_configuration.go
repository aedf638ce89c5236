package api

import (
	"context"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	clientconfig "github.com/siderolabs/talos/pkg/machinery/client/config"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// GenerateClientConfiguration implements machine.MachineServiceServer: a talosconfig with a new certificate.
func (server *Machine) GenerateClientConfiguration(
	_ context.Context, request *machine.GenerateClientConfigurationRequest,
) (*machine.GenerateClientConfigurationResponse, error) {
	if err := controlPlaneOnly(server.boot, "generate client configuration"); err != nil {
		return nil, err
	}

	lifetime := request.CrtTtl.AsDuration()
	if lifetime <= 0 {
		return nil, status.Error(codes.InvalidArgument, "crt_ttl should be positive")
	}

	// Like Talos this passes over roles it does not know.
	roles, _ := role.Parse(request.Roles)
	config := server.boot.Config()
	bundle := secrets.NewBundleFromConfig(secrets.NewFixedClock(time.Now()), config)

	certificate, err := bundle.GenerateTalosAPIClientCertificateWithTTL(roles, lifetime)
	if err != nil {
		return nil, err
	}

	name := config.Cluster().Name()
	if single := roles.Strings(); len(single) == 1 {
		name = strings.TrimPrefix(single[0], role.Prefix) + "@" + name
	}

	talosconfig, err := clientconfig.NewConfig(name, nil, bundle.Certs.OS.Crt, certificate).Bytes()
	if err != nil {
		return nil, err
	}

	return &machine.GenerateClientConfigurationResponse{
		Messages: []*machine.GenerateClientConfiguration{{
			Ca: bundle.Certs.OS.Crt, Crt: certificate.Crt, Key: certificate.Key, Talosconfig: talosconfig,
		}},
	}, nil
}
