package kubernetes

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"
)

func TestNodeSeesItsOwnNetworkAndTime(test *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if request.Header.Get("Authorization") != "Bearer token" {
			test.Errorf("authorization: %q", request.Header.Get("Authorization"))
		}

		io.WriteString(writer, `{"gitVersion":"v1.35.0"}`) //nolint:errcheck
	}))
	test.Cleanup(server.Close)

	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})

	for name, sample := range map[string]struct {
		node Node
		text string
	}{
		"as it is":        {Node{}, ""},
		"its clock right": {Node{Now: time.Now}, ""},
		"a century ahead": {Node{Now: func() time.Time { return time.Now().AddDate(100, 0, 0) }}, "certificate has expired or is not yet valid"},
		"cut off":         {Node{Dial: func(context.Context, string) (net.Conn, error) { return nil, errors.New("no route") }}, "no route"},
		"a wire of its own": {Node{Dial: func(ctx context.Context, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		}}, ""},
	} {
		client, err := sample.node.newClient(&rest.Config{
			Host: server.URL, BearerToken: "token", TLSClientConfig: rest.TLSClientConfig{CAData: authority},
		})
		if err != nil {
			test.Fatal(err)
		}

		_, err = client.Discovery().ServerVersion()

		switch {
		case sample.text == "" && err != nil:
			test.Errorf("%s: %v", name, err)
		case sample.text != "" && (err == nil || !strings.Contains(err.Error(), sample.text)):
			test.Errorf("%s: %v, want %q", name, err, sample.text)
		}
	}
}
