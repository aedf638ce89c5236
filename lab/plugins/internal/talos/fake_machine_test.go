package talos

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/api/storage"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// fakeMachine answers the few calls that the plugin makes, and keeps what it was asked.
type fakeMachine struct {
	machineapi.UnimplementedMachineServiceServer
	storage.UnimplementedStorageServiceServer

	address string

	lock     sync.Mutex
	calls    []string
	refusals []error
	dryRun   machineapi.ApplyConfigurationRequest_Mode
	applied  []byte
	content  string

	events     chan proto.Message
	afterReset proto.Message
}

// startMachine serves on loopback. One in maintenance takes anybody; a configured one wants a client certificate to talk at
// all, and trusts any.
func startMachine(t *testing.T, maintenance bool) *fakeMachine {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	clients := tls.RequireAnyClientCert
	if maintenance {
		clients = tls.RequestClientCert
	}

	certificate, key := selfSigned(t, time.Hour)
	machine := &fakeMachine{address: listener.Addr().String(), events: make(chan proto.Message, 1)}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}},
		ClientAuth:   clients,
	})))
	machineapi.RegisterMachineServiceServer(server, machine)
	storage.RegisterStorageServiceServer(server, machine)

	go server.Serve(listener) //nolint:errcheck // ends with the test

	t.Cleanup(server.Stop)

	return machine
}

func selfSigned(t *testing.T, life time.Duration) ([]byte, *ecdsa.PrivateKey) {
	t.Helper()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(life), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}

	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}

	return certificate, key
}

// certificateText is a certificate as state holds it.
func certificateText(t *testing.T, life time.Duration) string {
	t.Helper()

	certificate, _ := selfSigned(t, life)

	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

// answer notes a call and gives the next refusal, if one is left.
func (m *fakeMachine) answer(ctx context.Context, call string) error {
	m.lock.Lock()
	defer m.lock.Unlock()

	known := "stranger"

	if caller, ok := peer.FromContext(ctx); ok {
		if info, ok := caller.AuthInfo.(credentials.TLSInfo); ok && len(info.State.PeerCertificates) > 0 {
			known = "client"
		}
	}

	m.calls = append(m.calls, known+" "+call)

	if len(m.refusals) == 0 || call == "disks" {
		return nil
	}

	refusal := m.refusals[0]
	m.refusals = m.refusals[1:]

	return refusal
}

func (m *fakeMachine) refuse(errors ...error) {
	m.lock.Lock()
	defer m.lock.Unlock()

	m.refusals = errors
}

// asked gives the calls since the last time.
func (m *fakeMachine) asked() []string {
	m.lock.Lock()
	defer m.lock.Unlock()

	calls := slices.Clone(m.calls)
	m.calls = nil

	return calls
}

func (m *fakeMachine) Disks(ctx context.Context, _ *emptypb.Empty) (*storage.DisksResponse, error) {
	return &storage.DisksResponse{Messages: []*storage.Disks{{}}}, m.answer(ctx, "disks")
}

func (m *fakeMachine) ApplyConfiguration(
	ctx context.Context, request *machineapi.ApplyConfigurationRequest,
) (*machineapi.ApplyConfigurationResponse, error) {
	call := fmt.Sprintf("apply %s", request.GetMode())
	if request.GetDryRun() {
		call += " dry"
	}

	if err := m.answer(ctx, call); err != nil {
		return nil, err
	}

	m.applied = request.GetData()

	return &machineapi.ApplyConfigurationResponse{Messages: []*machineapi.ApplyConfiguration{{Mode: m.dryRun}}}, nil
}

func (m *fakeMachine) Bootstrap(ctx context.Context, _ *machineapi.BootstrapRequest) (*machineapi.BootstrapResponse, error) {
	return &machineapi.BootstrapResponse{Messages: []*machineapi.Bootstrap{{}}}, m.answer(ctx, "bootstrap")
}

func (m *fakeMachine) Version(ctx context.Context, _ *emptypb.Empty) (*machineapi.VersionResponse, error) {
	return &machineapi.VersionResponse{}, m.answer(ctx, "version")
}

func (m *fakeMachine) Kubeconfig(_ *emptypb.Empty, stream machineapi.MachineService_KubeconfigServer) error {
	if err := m.answer(stream.Context(), "kubeconfig"); err != nil {
		return err
	}

	return stream.Send(&common.Data{Bytes: archive(m.content)})
}

func archive(content string) []byte {
	var packed bytes.Buffer

	compressed := gzip.NewWriter(&packed)
	files := tar.NewWriter(compressed)
	_ = files.WriteHeader(&tar.Header{Name: "kubeconfig", Typeflag: tar.TypeReg, Size: int64(len(content)), Mode: 0o600})
	_, _ = files.Write([]byte(content))
	_ = files.Close()
	_ = compressed.Close()

	return packed.Bytes()
}

func refusal(code codes.Code, text string) error { return status.Error(code, text) }
