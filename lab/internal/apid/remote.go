package apid

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/siderolabs/grpc-proxy/proxy"
	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// Remotes are the connections to apid of other machines.
type Remotes struct {
	// Dial connects to another machine; nil is by TCP as ever.
	Dial func(ctx context.Context, address string) (net.Conn, error)

	mu    sync.Mutex
	tls   *tls.Config
	known map[string]*remote
}

// Use sets the client side, this machine's certificate with the role os:impersonator. Calls that are under way on
// connections made before may finish: one of them may be the apply that changed the certificate.
func (remotes *Remotes) Use(config *tls.Config) {
	remotes.mu.Lock()
	defer remotes.mu.Unlock()

	for _, remote := range remotes.known {
		time.AfterFunc(retireTimeout, func() { remote.connection.Close() }) //nolint:errcheck
	}

	remotes.known, remotes.tls = nil, config
}

const retireTimeout = 30 * time.Second

func (remotes *Remotes) get(target string) (proxy.Backend, error) {
	if target == "" || containsPort(target) {
		return nil, fmt.Errorf("invalid target %q", target)
	}

	remotes.mu.Lock()
	defer remotes.mu.Unlock()

	if existing, found := remotes.known[target]; found {
		return existing, nil
	}

	retries := backoff.DefaultConfig
	retries.MaxDelay = 15 * time.Second

	options := []grpc.DialOption(nil)
	if remotes.Dial != nil {
		options = append(options, grpc.WithContextDialer(remotes.Dial))
	}

	options = append(options,
		grpc.WithTransportCredentials(credentials.NewTLS(remotes.tls)),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: retries, MinConnectTimeout: 20 * time.Second}),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(constants.GRPCMaxMessageSize),
			grpc.ForceCodecV2(proxy.Codec()),
		),
	)

	connection, err := grpc.NewClient(net.JoinHostPort(target, strconv.Itoa(constants.ApidPort)), options...)
	if err != nil {
		return nil, err
	}

	if remotes.known == nil {
		remotes.known = map[string]*remote{}
	}

	remotes.known[target] = &remote{target: target, connection: connection}

	return remotes.known[target], nil
}

// Close ends every connection.
func (remotes *Remotes) Close() {
	remotes.mu.Lock()
	defer remotes.mu.Unlock()

	for _, remote := range remotes.known {
		remote.connection.Close() //nolint:errcheck
	}

	remotes.known = nil
}

func containsPort(target string) bool {
	if net.ParseIP(target) != nil {
		return false
	}

	_, _, err := net.SplitHostPort(target)

	return err == nil
}

type remote struct {
	target     string
	connection *grpc.ClientConn
}

// String implements proxy.Backend.
func (remote *remote) String() string { return remote.target }

// GetConnection implements proxy.Backend: the call is marked as proxied and carries the caller's roles.
func (remote *remote) GetConnection(ctx context.Context, _ string) (context.Context, *grpc.ClientConn, error) {
	values, _ := metadata.FromIncomingContext(ctx)
	values = values.Copy()

	authz.SetMetadata(values, authz.GetRoles(ctx))

	from := values[":authority"]
	if len(from) == 0 {
		from = []string{"unknown"}
	}

	values.Set("proxyfrom", from...)

	for _, routing := range []string{":authority", "nodes", "node"} {
		delete(values, routing)
	}

	return metadata.NewOutgoingContext(ctx, values), remote.connection, nil
}

// field 1, length delimited: "repeated Reply messages" of every unary answer, and "Metadata metadata" of every reply.
const firstField = 1

// AppendInfo implements proxy.Backend: the answer is marked with the target it came from.
//
// Protobuf lets this be done on the wire: fields of a message may be appended, so the metadata goes behind the reply,
// and a unary answer holds its reply as field 1.
func (remote *remote) AppendInfo(streaming bool, response []byte) ([]byte, error) {
	mark, err := proto.Marshal(&common.Empty{Metadata: &common.Metadata{Hostname: remote.target}})
	if err != nil || streaming {
		return append(response, mark...), err
	}

	number, kind, tagLength := protowire.ConsumeTag(response)
	if tagLength < 0 {
		return nil, protowire.ParseError(tagLength)
	}

	if number != firstField || kind != protowire.BytesType {
		return nil, errors.New("unexpected message format: a reply list was expected")
	}

	_, lengthLength := protowire.ConsumeVarint(response[tagLength:])
	if lengthLength < 0 {
		return nil, protowire.ParseError(lengthLength)
	}

	reply := append(append([]byte(nil), response[tagLength+lengthLength:]...), mark...)

	return protowire.AppendBytes(protowire.AppendTag(nil, firstField, protowire.BytesType), reply), nil
}

// BuildError implements proxy.Backend: a failed target becomes a reply of its own.
func (remote *remote) BuildError(streaming bool, failure error) ([]byte, error) {
	reply := &common.Empty{Metadata: &common.Metadata{
		Hostname: remote.target,
		Error:    failure.Error(),
		Status:   status.Convert(failure).Proto(),
	}}

	if streaming {
		return proto.Marshal(reply)
	}

	return proto.Marshal(&common.EmptyResponse{Messages: []*common.Empty{reply}})
}
