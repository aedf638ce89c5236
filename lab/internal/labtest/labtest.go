// Package labtest gives Go tests a running lab on addresses of their own, and clients that speak to it as talosctl does.
package labtest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/client"
	clientconfig "github.com/siderolabs/talos/pkg/machinery/client/config"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/role"

	"talos-cluster/lab/internal/fleet"
	"talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
	"talos-cluster/lab/internal/testcluster"
)

// Patience is how long a test waits for what takes an emulated machine a moment.
const Patience = 15 * time.Second

// Lab is a running lab.
type Lab struct {
	*fleet.Fleet

	test    *testing.T
	input   *generate.Input
	network int
}

// Start runs machines 127.0.<network>.<host> that boot a Talos version, until the test ends. Tests that have a lab run
// side by side: each has a network of its own.
func Start(test *testing.T, network int, boot string, hosts ...int) *Lab {
	test.Helper()
	test.Parallel()

	behaviour, err := profile.Parse(boot)
	Must(test, err)

	lab := &Lab{test: test, network: network}
	lab.input = newInput(test, fmt.Sprintf("https://%s:6443", lab.Address(1)))

	addresses := []netip.Addr(nil)
	for _, host := range hosts {
		addresses = append(addresses, netip.MustParseAddr(lab.Address(host)))
	}

	lab.Fleet, err = fleet.New(fleet.Options{
		Directory: test.TempDir(),
		Machines:  addresses,
		Boot:      behaviour,
		Timing: machine.Timing{
			Install: 50 * time.Millisecond, Reboot: 100 * time.Millisecond, ServiceStart: 5 * time.Millisecond,
			APIRestart: 50 * time.Millisecond, StaticPods: 50 * time.Millisecond, FailurePause: 200 * time.Millisecond,
		},
		Programs: machine.Programs{Etcd: testcluster.Program(test, "TALOS_LAB_ETCD", "etcd"), APIServer: "/nonexistent/kube-apiserver"},
		Log:      test.Output(),
	})
	Must(test, err)

	test.Cleanup(func() { lab.Stop(context.Background()) }) //nolint:errcheck
	Must(test, lab.Fleet.Start(context.Background()))

	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()

	Must(test, lab.WaitAnswering(ctx))

	return lab
}

// Address is the address of a host of the lab's network.
func (lab *Lab) Address(host int) string { return fmt.Sprintf("127.0.%d.%d", lab.network, host) }

// Slow makes the installation of a machine take longer than a test waits for anything else.
func (lab *Lab) Slow(host int) { lab.Machine(host).SetInstallTime(Patience) }

// Machine is the machine at a host.
func (lab *Lab) Machine(host int) *machine.Machine { return lab.Find(lab.Address(host)) }

// Insecure is a client without a certificate that trusts anyone, as `talosctl --insecure`.
func (lab *Lab) Insecure(host int) *client.Client {
	lab.test.Helper()

	connected, err := client.New(context.Background(),
		client.WithTLSConfig(&tls.Config{InsecureSkipVerify: true}), client.WithEndpoints(lab.Address(host))) //nolint:gosec
	Must(lab.test, err)
	lab.test.Cleanup(func() { connected.Close() }) //nolint:errcheck

	return connected
}

// Client is a client with a certificate of the cluster.
func (lab *Lab) Client(host int, roles ...role.Role) *client.Client {
	lab.test.Helper()

	authority := lab.authority()

	certificate, err := secrets.NewAdminCertificateAndKey(time.Now(), authority, role.MakeSet(roles...), time.Hour)
	Must(lab.test, err)

	connected, err := client.New(context.Background(),
		client.WithConfig(clientconfig.NewConfig("lab", []string{lab.Address(host)}, authority.Crt, certificate)))
	Must(lab.test, err)
	lab.test.Cleanup(func() { connected.Close() }) //nolint:errcheck

	return connected
}

// Admin is a client that may do everything.
func (lab *Lab) Admin(host int) *client.Client {
	lab.test.Helper()

	return lab.Client(host, role.Admin)
}

// Context ends with the lab's patience.
func (lab *Lab) Context() context.Context {
	ctx, cancel := context.WithTimeout(lab.test.Context(), Patience)
	lab.test.Cleanup(cancel)

	return ctx
}

// Eventually repeats attempt until it succeeds.
func (lab *Lab) Eventually(what string, attempt func() error) {
	lab.test.Helper()

	deadline := time.Now().Add(Patience)

	for {
		err := attempt()
		if err == nil {
			return
		}

		if time.Now().After(deadline) {
			lab.test.Fatalf("%s: %v", what, err)
		}

		time.Sleep(20 * time.Millisecond)
	}
}

// Must ends the test when there is an error.
func Must(test *testing.T, err error) {
	test.Helper()

	if err != nil {
		test.Fatal(err)
	}
}
