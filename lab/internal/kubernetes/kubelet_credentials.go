package kubernetes

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	stdx509 "crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	certificatesv1 "k8s.io/api/certificates/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/certificate/csr"

	"talos-cluster/lab/internal/pause"
)

// certificateTimeout is how long the kubelet waits for its request to be signed before it asks anew.
const certificateTimeout = 15 * time.Second

func nodeUser(name string) string { return "system:node:" + name }

// authenticate makes the client of this node, with the certificate of before a reboot or with one
// that it asks the cluster for with the bootstrap token. It goes on until it has one or ctx ends.
func (kubelet *Kubelet) authenticate(ctx context.Context, node Node) (*kubernetes.Clientset, error) {
	path := filepath.Join(kubelet.pkiDirectory(), "kubelet-client-current.pem")
	lastText := ""

	for {
		pair, err := keptCertificate(path, node)
		if err != nil {
			pair, err = requestCertificate(ctx, node)
		}

		if err == nil {
			err = keepCertificate(path, pair)
		}

		if err == nil {
			configuration := baseConfig(node.Config, node.endpoint().String())
			configuration.CertData, configuration.KeyData = pair, pair

			return node.newClient(configuration)
		}

		if text := err.Error(); text != lastText && ctx.Err() == nil {
			lastText = text
			kubelet.log("waiting for a client certificate: %s", text)
		}

		if pause.For(ctx, retryInterval) != nil {
			return nil, ctx.Err()
		}
	}
}

// keptCertificate is the one on the disk, when it is this node's and of the cluster's authority.
func keptCertificate(path string, node Node) ([]byte, error) {
	kept, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}

	pair, err := tls.X509KeyPair(kept, kept)
	if err != nil {
		return nil, err
	}

	roots := stdx509.NewCertPool()
	roots.AppendCertsFromPEM(trusted(node.Config))

	usages := []stdx509.ExtKeyUsage{stdx509.ExtKeyUsageClientAuth}
	if _, err := pair.Leaf.Verify(stdx509.VerifyOptions{Roots: roots, KeyUsages: usages, CurrentTime: node.now()}); err != nil {
		return nil, err
	}

	if pair.Leaf.Subject.CommonName != nodeUser(node.Hostname) {
		return nil, fmt.Errorf("the certificate is %s's", pair.Leaf.Subject.CommonName)
	}

	return kept, nil
}

func keepCertificate(path string, pair []byte) error {
	if kept, err := os.ReadFile(path); err == nil && bytes.Equal(kept, pair) {
		return nil
	}

	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}

	return os.WriteFile(path, pair, 0o600)
}

// requestCertificate files a certificate request with the bootstrap token and waits until it is signed.
func requestCertificate(ctx context.Context, node Node) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, certificateTimeout)
	defer cancel()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}

	request, err := stdx509.CreateCertificateRequest(rand.Reader, &stdx509.CertificateRequest{
		Subject: pkix.Name{CommonName: nodeUser(node.Hostname), Organization: []string{nodes}},
	}, key)
	if err != nil {
		return nil, err
	}

	encodedKey, err := stdx509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}

	token := node.Config.Cluster().Token()
	configuration := baseConfig(node.Config, node.endpoint().String())
	configuration.BearerToken = token.ID() + "." + token.Secret()

	client, err := node.newClient(configuration)
	if err != nil {
		return nil, err
	}

	usages := []certificatesv1.KeyUsage{certificatesv1.UsageDigitalSignature, certificatesv1.UsageClientAuth}

	name, uid, err := csr.RequestCertificateWithContext(ctx, client,
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request}),
		"", certificatesv1.KubeAPIServerClientKubeletSignerName, nil, usages, key)
	if err != nil {
		return nil, err
	}

	certificate, err := csr.WaitForCertificate(ctx, client, name, uid)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("certificate request %s is not signed", name), err)
	}

	return append(certificate, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encodedKey})...), nil
}
