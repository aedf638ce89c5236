package talos

import (
	"context"
	"crypto/tls"
	"encoding/base64"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/client"
	clientconfig "github.com/siderolabs/talos/pkg/machinery/client/config"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// machine is where an operation goes and what it may prove itself with.
type machine struct {
	endpoint string
	node     string
	access   *clientconfig.Config
}

func newMachine(state, access resource.PropertyMap) (machine, error) {
	config, err := talosconfig("dynamic", access)
	if err != nil {
		return machine{}, err
	}

	return machine{
		endpoint: bridge.Text(state, endpointKey),
		node:     bridge.Text(state, nodeKey),
		access:   config,
	}, nil
}

// talosconfig turns a client configuration's base64 texts into a talosconfig with one context.
func talosconfig(name string, access resource.PropertyMap) (*clientconfig.Config, error) {
	decoded := map[resource.PropertyKey][]byte{}

	for _, key := range []resource.PropertyKey{authorityKey, certificateKey, privateKey} {
		bytes, err := base64.StdEncoding.DecodeString(bridge.Text(access, key))
		if err != nil {
			return nil, err
		}

		decoded[key] = bytes
	}

	return clientconfig.NewConfig(name, nil, decoded[authorityKey], &x509.PEMEncodedCertificateAndKey{
		Crt: decoded[certificateKey],
		Key: decoded[privateKey],
	}), nil
}

// do runs one operation. Every time, it first asks for the disks over TLS that checks nothing: a machine that answers is
// taken to be in maintenance and gets the operation on that connection, whoever it is. This is the real plugin's way; the
// gate exists because of it.
func (m machine) do(ctx context.Context, operation func(ctx context.Context, client *client.Client) error) error {
	nodeContext := client.WithNode(ctx, m.node)

	connection, err := unverified(ctx, m.endpoint)
	if err != nil {
		return err
	}

	if _, err := connection.Disks(nodeContext); err != nil {
		_ = connection.Close()

		connection, err = client.New(ctx, client.WithConfig(m.access), client.WithEndpoints(m.endpoint))
		if err != nil {
			return err
		}
	}

	defer connection.Close() //nolint:errcheck // the operation's own outcome counts

	return operation(nodeContext, connection)
}

func unverified(ctx context.Context, endpoint string) (*client.Client, error) {
	return client.New(ctx,
		client.WithTLSConfig(&tls.Config{InsecureSkipVerify: true}), //nolint:gosec // what the real plugin does
		client.WithEndpoints(endpoint),
	)
}
