package kubernetes

import (
	"context"
	"net"
	"net/http"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// newClient makes a client that sees the network and the time as the machine does.
func (node Node) newClient(configuration *rest.Config) (*kubernetes.Clientset, error) {
	if node.Dial == nil && node.Now == nil {
		return newClient(configuration, nil)
	}

	encrypted, err := rest.TLSConfigFor(configuration)
	if err != nil {
		return nil, err
	}

	encrypted.Time = node.Now
	transport := &http.Transport{TLSClientConfig: encrypted}

	if node.Dial != nil {
		transport.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) { return node.Dial(ctx, address) }
	}

	configuration.Transport = utilnet.SetTransportDefaults(transport)
	configuration.TLSClientConfig = rest.TLSClientConfig{}

	return newClient(configuration, nil)
}

// now is the time by the machine's clock.
func (node Node) now() time.Time {
	if node.Now == nil {
		return time.Now()
	}

	return node.Now()
}
