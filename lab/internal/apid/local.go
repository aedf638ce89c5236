package apid

import (
	"context"
	"net"

	"github.com/siderolabs/grpc-proxy/proxy"
	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"
)

// Local is the way from apid to machined of the same machine; roles travel as metadata.
type Local struct {
	listener   *bufconn.Listener
	connection *grpc.ClientConn
}

// NewLocal returns a connection and the listener machined serves on.
func NewLocal() (*Local, error) {
	listener := bufconn.Listen(1 << 20)

	connection, err := grpc.NewClient("passthrough:///machined",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(constants.GRPCMaxMessageSize),
			grpc.ForceCodecV2(proxy.Codec()),
		),
	)

	return &Local{listener: listener, connection: connection}, err
}

// Listener is where machined serves.
func (local *Local) Listener() net.Listener { return local.listener }

// Close ends the connection.
func (local *Local) Close() error { return local.connection.Close() }

// String implements proxy.Backend.
func (local *Local) String() string { return "machined" }

// GetConnection implements proxy.Backend.
func (local *Local) GetConnection(ctx context.Context, _ string) (context.Context, *grpc.ClientConn, error) {
	values, _ := metadata.FromIncomingContext(ctx)
	values = values.Copy()

	authz.SetMetadata(values, authz.GetRoles(ctx))

	return metadata.NewOutgoingContext(ctx, values), local.connection, nil
}

// AppendInfo implements proxy.Backend: an answer of this machine is left as it is.
func (local *Local) AppendInfo(_ bool, response []byte) ([]byte, error) { return response, nil }

// BuildError implements proxy.Backend: an error of this machine is left as it is.
func (local *Local) BuildError(bool, error) ([]byte, error) { return nil, nil }
