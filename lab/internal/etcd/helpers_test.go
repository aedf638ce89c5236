package etcd_test

import (
	"bytes"
	"context"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config/machine"

	"talos-cluster/lab/internal/etcd"
	"talos-cluster/lab/internal/testcluster"
)

// controller is a member with what it is started with.
type controller struct {
	*etcd.Member
	node      etcd.Node
	address   netip.Addr
	directory string
	log       *logBuffer
}

type logBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (log *logBuffer) Write(data []byte) (int, error) {
	log.mutex.Lock()
	defer log.mutex.Unlock()

	return log.buffer.Write(data)
}

func (log *logBuffer) String() string {
	log.mutex.Lock()
	defer log.mutex.Unlock()

	return log.buffer.String()
}

func newControllers(test *testing.T, change ...func(name string, options *etcd.Options)) []*controller {
	test.Helper()

	cluster := testcluster.New(test, "https://127.0.210.1:6443")
	program := testcluster.Program(test, "TALOS_LAB_ETCD", "etcd")

	var controllers []*controller

	for _, machineOf := range []struct{ name, address string }{
		{"controller-1", "127.0.210.11"}, {"controller-2", "127.0.210.12"}, {"controller-3", "127.0.210.13"},
	} {
		log := &logBuffer{}
		address := testcluster.Address(machineOf.address)
		options := etcd.Options{
			Binary:    program,
			Directory: filepath.Join(test.TempDir(), machineOf.name),
			Address:   address,
			Log:       log,
		}

		for _, each := range change {
			each(machineOf.name, &options)
		}

		member := etcd.New(options)
		controllers = append(controllers, &controller{
			Member:    member,
			node:      etcd.Node{Hostname: machineOf.name, Config: cluster.Config(test, machine.TypeControlPlane)},
			address:   address,
			directory: options.Directory,
			log:       log,
		})

		test.Cleanup(func() {
			_ = member.Kill(context.Background())

			if test.Failed() {
				test.Logf("%s:\n%s", machineOf.name, log)
			}
		})
	}

	return controllers
}

func others(controllers []*controller, self int) func() []netip.Addr {
	return func() []netip.Addr {
		var addresses []netip.Addr

		for index, other := range controllers {
			if index != self {
				addresses = append(addresses, other.address)
			}
		}

		return addresses
	}
}

func eventuallyHealthy(test *testing.T, members ...*controller) {
	test.Helper()

	for _, member := range members {
		ctx, cancel := context.WithTimeout(test.Context(), 20*time.Second)
		err := member.WaitHealthy(ctx)

		cancel()

		if err != nil {
			test.Fatalf("%s is not healthy: %v", member.node.Hostname, err)
		}
	}
}

func must(test *testing.T, err error) {
	test.Helper()

	if err != nil {
		test.Fatal(err)
	}
}

func votingNames(test *testing.T, member *controller) []string {
	test.Helper()

	list, err := member.Members(test.Context())
	must(test, err)

	var names []string

	for _, known := range list.Members {
		if !known.IsLearner {
			names = append(names, known.Name)
		}
	}

	slices.Sort(names)

	return names
}
