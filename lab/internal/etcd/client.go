package etcd

import (
	"context"
	"crypto/tls"
	stdx509 "crypto/x509"
	"errors"
	"net/netip"
	"os"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"talos-cluster/lab/internal/pause"
)

const (
	dialTimeout = 5 * time.Second
	// healthTimeout is how long Talos lets a linearizable read take.
	healthTimeout  = 15 * time.Second
	healthInterval = 100 * time.Millisecond
)

// reconnect is hurried: gRPC's own first pause of 1 s is longer than a lab's etcd takes to start.
var reconnect = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.5, Jitter: 0.2, MaxDelay: time.Second},
	MinConnectTimeout: dialTimeout,
}

// ClientTo makes an admin client to etcd on some controllers; the caller closes it.
// Its certificate is issued from the machine configuration: no member of this machine need exist.
func ClientTo(ctx context.Context, provider config.Provider, addresses ...netip.Addr) (*clientv3.Client, error) {
	pair, err := ClientCertificate(provider, "talos")
	if err != nil {
		return nil, err
	}

	return dial(ctx, pair, provider.Cluster().Etcd().CA().Crt, addresses...)
}

func dial(ctx context.Context, pair *x509.PEMEncodedCertificateAndKey, authority []byte, addresses ...netip.Addr) (*clientv3.Client, error) {
	certificate, err := tls.X509KeyPair(pair.Crt, pair.Key)
	if err != nil {
		return nil, err
	}

	roots := stdx509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("cluster.etcd.ca: holds no certificate")
	}

	endpoints := make([]string, 0, len(addresses))
	for _, address := range addresses {
		endpoints = append(endpoints, clientURL(address))
	}

	return clientv3.New(clientv3.Config{
		Context:     ctx,
		Endpoints:   endpoints,
		DialTimeout: dialTimeout,
		DialOptions: []grpc.DialOption{grpc.WithSharedWriteBuffer(true), grpc.WithConnectParams(reconnect)},
		TLS:         &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: roots, MinVersion: tls.VersionTLS12},
		Logger:      zap.NewNop(),
	})
}

// Client makes an admin client to this member; the caller closes it.
func (member *Member) Client(ctx context.Context) (*clientv3.Client, error) {
	if !member.Running() {
		return nil, ErrNotRunning
	}

	files := member.pki()

	pair, err := x509.NewCertificateAndKeyFromFiles(files.path("admin.crt"), files.path("admin.key"))
	if err != nil {
		return nil, err
	}

	authority, err := os.ReadFile(files.path("ca.crt"))
	if err != nil {
		return nil, err
	}

	return dial(ctx, pair, authority, member.options.Address)
}

// Healthy is Talos's health check of the service: a linearizable read through this member.
// It fails on every member when quorum is lost, and on a learner.
func (member *Member) Healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()

	_, err := ask(ctx, member, func(client *clientv3.Client) (*clientv3.GetResponse, error) {
		return client.Get(ctx, "health")
	})

	return err
}

// WaitHealthy waits until the member is healthy, or until ctx ends.
func (member *Member) WaitHealthy(ctx context.Context) error {
	for {
		err := member.Healthy(ctx)
		if err == nil {
			return nil
		}

		if pause.For(ctx, healthInterval) != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
}

// Members lists the cluster's members as this one knows them (a linearizable list, as etcd's default is).
func (member *Member) Members(ctx context.Context) (*clientv3.MemberListResponse, error) {
	return ask(ctx, member, func(client *clientv3.Client) (*clientv3.MemberListResponse, error) {
		return client.MemberList(ctx)
	})
}

// Status is this member's own status: leader, raft term and index, database size, learner or not.
func (member *Member) Status(ctx context.Context) (*clientv3.StatusResponse, error) {
	return ask(ctx, member, func(client *clientv3.Client) (*clientv3.StatusResponse, error) {
		return client.Status(ctx, clientURL(member.options.Address))
	})
}

// Alarms lists the cluster's alarms.
func (member *Member) Alarms(ctx context.Context) (*clientv3.AlarmResponse, error) {
	return ask(ctx, member, func(client *clientv3.Client) (*clientv3.AlarmResponse, error) {
		return client.AlarmList(ctx)
	})
}

// ID is this member's id in the cluster.
func (member *Member) ID(ctx context.Context) (uint64, error) {
	alarms, err := member.Alarms(ctx)
	if err != nil {
		return 0, err
	}

	return alarms.Header.MemberId, nil
}

func ask[Answer any](ctx context.Context, member *Member, question func(*clientv3.Client) (Answer, error)) (Answer, error) {
	client, err := member.Client(ctx)
	if err != nil {
		var none Answer

		return none, err
	}
	defer client.Close()

	return question(client)
}
