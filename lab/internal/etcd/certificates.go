package etcd

import (
	stdx509 "crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
)

// certificateLifetime is Talos's: etcd certificates are issued at every boot and never renewed.
const certificateLifetime = 10 * 365 * 24 * time.Hour

var (
	serverAndClientUsage = []stdx509.ExtKeyUsage{
		stdx509.ExtKeyUsageServerAuth,
		// etcd dials itself (peer streams, its gateway) with the same certificate.
		stdx509.ExtKeyUsageClientAuth,
	}
	clientUsage = []stdx509.ExtKeyUsage{stdx509.ExtKeyUsageClientAuth}
)

// pki is where one member's certificates are.
type pki struct {
	directory string
}

func (files pki) path(name string) string { return filepath.Join(files.directory, name) }

// write issues the certificates that Talos issues at boot: server, peer and the admin client's.
func (files pki) write(node Node, address netip.Addr) error {
	authority := node.Config.Cluster().Etcd().CA()
	if authority == nil {
		return errors.New("cluster.etcd.ca: missing. A controller's machine configuration must have it")
	}

	if err := os.MkdirAll(files.directory, 0o700); err != nil {
		return err
	}

	if err := os.WriteFile(files.path("ca.crt"), authority.Crt, 0o600); err != nil {
		return err
	}

	local := []netip.Addr{address, netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}

	for _, certificate := range []struct {
		name    string
		options []x509.Option
	}{
		{"server", memberOptions(node.Hostname, local, []string{node.Hostname, "localhost"})},
		{"peer", memberOptions(node.Hostname, []netip.Addr{address}, []string{node.Hostname})},
		{"admin", clientOptions("talos")},
	} {
		pair, err := issue(authority, certificate.options...)
		if err != nil {
			return fmt.Errorf("etcd %s certificate: %w", certificate.name, err)
		}

		if err := os.WriteFile(files.path(certificate.name+".crt"), pair.Crt, 0o600); err != nil {
			return err
		}

		if err := os.WriteFile(files.path(certificate.name+".key"), pair.Key, 0o600); err != nil {
			return err
		}
	}

	return nil
}

// ClientCertificate issues an etcd client certificate with a common name, as Talos does for
// itself ("talos") and for kube-apiserver ("kube-apiserver").
func ClientCertificate(provider config.Provider, commonName string) (*x509.PEMEncodedCertificateAndKey, error) {
	authority := provider.Cluster().Etcd().CA()
	if authority == nil {
		return nil, errors.New("cluster.etcd.ca: missing. Only a controller has it")
	}

	return issue(authority, clientOptions(commonName)...)
}

func issue(authority *x509.PEMEncodedCertificateAndKey, options ...x509.Option) (*x509.PEMEncodedCertificateAndKey, error) {
	parsed, err := x509.NewCertificateAuthorityFromCertificateAndKey(authority)
	if err != nil {
		return nil, fmt.Errorf("cluster.etcd.ca: %w", err)
	}

	pair, err := x509.NewKeyPair(parsed, options...)
	if err != nil {
		return nil, err
	}

	return x509.NewCertificateAndKeyFromKeyPair(pair), nil
}

func baseOptions(commonName string) []x509.Option {
	return []x509.Option{
		x509.CommonName(commonName),
		x509.NotAfter(time.Now().Add(certificateLifetime)),
		x509.KeyUsage(stdx509.KeyUsageDigitalSignature | stdx509.KeyUsageKeyEncipherment),
	}
}

func clientOptions(commonName string) []x509.Option {
	return append(baseOptions(commonName), x509.ExtKeyUsage(clientUsage))
}

func memberOptions(hostname string, addresses []netip.Addr, names []string) []x509.Option {
	ips := make([]net.IP, 0, len(addresses))
	for _, address := range addresses {
		ips = append(ips, address.AsSlice())
	}

	return append(baseOptions(hostname),
		x509.DNSNames(names),
		x509.IPAddresses(ips),
		x509.ExtKeyUsage(serverAndClientUsage),
	)
}
