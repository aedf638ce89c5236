package kubernetes_test

import (
	"crypto/tls"
	"net"
	"net/netip"
	"testing"
	"time"

	"talos-cluster/lab/internal/kubernetes"
)

func TestBalancerDropsOneController(test *testing.T) {
	backend := serveTLS(test, "127.0.213.31:0", "one")
	balancer := kubernetes.NewBalancer(netip.MustParseAddrPort(endpoint), func() []netip.AddrPort { return []netip.AddrPort{backend} })

	must(test, balancer.Start(test.Context()))
	defer balancer.Stop(test.Context()) //nolint:errcheck

	connection, err := tls.Dial("tcp", endpoint, insecure)
	must(test, err)

	defer connection.Close() //nolint:errcheck

	// ended tells whether the other side closed the connection; an idle one just says nothing.
	ended := func(within time.Duration) bool {
		must(test, connection.SetReadDeadline(time.Now().Add(within)))

		_, err := connection.Read(make([]byte, 1))
		failure, isNet := err.(net.Error)

		return !isNet || !failure.Timeout()
	}

	balancer.Drop(netip.MustParseAddr("127.0.213.32"))

	if ended(200 * time.Millisecond) {
		test.Fatal("a connection to another controller was dropped")
	}

	// A read that timed out ends a TLS connection for good.
	connection, err = tls.Dial("tcp", endpoint, insecure)
	must(test, err)
	balancer.Drop(backend.Addr())

	if !ended(5 * time.Second) {
		test.Fatal("the connection lives on")
	}
}
