// Package apid is the front door of a machine's API: TLS, roles, and routing to this machine or through it to others.
package apid

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/siderolabs/grpc-proxy/proxy"
	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// drainTimeout is how long open calls may go on after the server was told to stop. Talos waits 10 s; streams of people
// who watch (events, logs) would hold up every emulated reboot that long.
const drainTimeout = 500 * time.Millisecond

// Options say how one run of apid behaves.
type Options struct {
	// TLS is asked at every handshake, so that certificates can change while the server runs.
	TLS func() (*tls.Config, error)
	// Local leads to machined of this machine.
	Local *Local
	// Remotes leads to apid of other machines; nil where forwarding is not possible (no client certificate).
	Remotes *Remotes
	// Maintenance serves everyone as os:reader and routes nothing.
	Maintenance bool
	// ExplicitOneToMany selects the list of services that allow many targets (Talos 1.13).
	ExplicitOneToMany bool
	// IsLocal tells whether a target is this machine.
	IsLocal func(target string) bool
}

// Serve answers on listener until ctx ends.
func Serve(ctx context.Context, listener net.Listener, options Options) error {
	router := &router{options: options}
	injector := &authz.Injector{Mode: authz.Enabled}

	if options.Maintenance {
		injector.Mode = authz.ReadOnly
	}

	return serve(ctx, listener, grpc.NewServer(
		grpc.Creds(credentials.NewTLS(handshake(options.TLS))),
		grpc.ForceServerCodecV2(proxy.Codec()),
		grpc.UnknownServiceHandler(proxy.TransparentHandler(router.direct, proxy.WithStreamedDetector(streamed))),
		grpc.MaxRecvMsgSize(constants.GRPCMaxMessageSize),
		grpc.UnaryInterceptor(injector.UnaryInterceptor()),
		grpc.StreamInterceptor(injector.StreamInterceptor()),
	))
}

// ServeDirect answers without apid in front, as the maintenance server of Talos 1.12 does: everyone is os:reader.
func ServeDirect(ctx context.Context, listener net.Listener, config func() (*tls.Config, error), register func(grpc.ServiceRegistrar)) error {
	injector := &authz.Injector{Mode: authz.ReadOnly}

	server := grpc.NewServer(
		grpc.Creds(credentials.NewTLS(handshake(config))),
		grpc.UnaryInterceptor(injector.UnaryInterceptor()),
		grpc.StreamInterceptor(injector.StreamInterceptor()),
	)
	register(server)

	return serve(ctx, listener, server)
}

func handshake(config func() (*tls.Config, error)) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			current, err := config()
			if err != nil {
				return nil, err
			}

			current.MinVersion = tls.VersionTLS13
			current.NextProtos = []string{"h2"}

			return current, nil
		},
	}
}

func serve(ctx context.Context, listener net.Listener, server *grpc.Server) error {
	stopped := make(chan struct{})

	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)

		timer := time.AfterFunc(drainTimeout, server.Stop)
		defer timer.Stop()

		server.GracefulStop()
	})

	err := server.Serve(listener)

	if !stop() {
		<-stopped

		return nil
	}

	return err
}
