package kubernetes_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"talos-cluster/lab/internal/kubernetes"
)

const endpoint = "127.0.213.1:6443"

// insecure: the balancer passes TLS through, whatever the certificate.
var insecure = &tls.Config{InsecureSkipVerify: true}

// serveTLS is a backend that answers with its name.
func serveTLS(test *testing.T, address, name string) netip.AddrPort {
	test.Helper()

	listener, err := net.Listen("tcp", address)
	must(test, err)

	server := httptest.NewUnstartedServer(http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(writer, name)
	}))
	_ = server.Listener.Close()
	server.Listener = listener
	server.StartTLS()
	test.Cleanup(server.Close)

	return netip.MustParseAddrPort(listener.Addr().String())
}

// hang is a backend that accepts connections and says nothing, as a kube-apiserver that is starting.
func hang(test *testing.T, address string) netip.AddrPort {
	test.Helper()

	listener, err := net.Listen("tcp", address)
	must(test, err)
	test.Cleanup(func() { _ = listener.Close() })

	return netip.MustParseAddrPort(listener.Addr().String())
}

func get(test *testing.T) string {
	test.Helper()

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = insecure
	transport.DisableKeepAlives = true

	response, err := (&http.Client{Transport: transport, Timeout: 10 * time.Second}).Get("https://" + endpoint)
	must(test, err)
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	must(test, err)

	return string(body)
}

func TestBalancerPassesOverWhatDoesNotAnswer(test *testing.T) {
	backends := []netip.AddrPort{
		netip.MustParseAddrPort("127.0.213.12:6443"), // refuses
		hang(test, "127.0.213.13:6443"),
		serveTLS(test, "127.0.213.11:6443", "one"),
	}
	balancer := kubernetes.NewBalancer(netip.MustParseAddrPort(endpoint), func() []netip.AddrPort { return backends })

	must(test, balancer.Start(test.Context()))
	must(test, balancer.Start(test.Context()))

	for range len(backends) {
		began := time.Now()

		if answer := get(test); answer != "one" || time.Since(began) > 4*time.Second {
			test.Fatalf("answer %q after %s", answer, time.Since(began))
		}
	}

	must(test, balancer.Stop(test.Context()))
	must(test, balancer.Stop(test.Context()))

	if connection, err := net.DialTimeout("tcp", endpoint, time.Second); err == nil {
		connection.Close()
		test.Fatal("a stopped balancer must not listen")
	}
}

func TestBalancerSharesOut(test *testing.T) {
	backends := []netip.AddrPort{serveTLS(test, "127.0.213.21:0", "one"), serveTLS(test, "127.0.213.22:0", "two")}
	balancer := kubernetes.NewBalancer(netip.MustParseAddrPort(endpoint), func() []netip.AddrPort { return backends })

	must(test, balancer.Start(test.Context()))
	defer balancer.Stop(test.Context())

	answers := map[string]int{}
	for range 6 {
		answers[get(test)]++
	}

	if answers["one"] != 3 || answers["two"] != 3 {
		test.Fatalf("answers: %v", answers)
	}
}
