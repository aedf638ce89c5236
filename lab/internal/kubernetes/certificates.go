package kubernetes

import (
	stdx509 "crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

var errNoAuthority = errors.New("cluster.ca: has no key. Only a controller's machine configuration has it")

// authority is the cluster's certificate authority with its key: controllers only.
func authority(provider config.Provider) (*x509.PEMEncodedCertificateAndKey, error) {
	issuing := provider.Cluster().IssuingCA()
	if issuing == nil || len(issuing.Key) == 0 {
		return nil, errNoAuthority
	}

	return issuing, nil
}

// trusted are the certificates of every authority that the cluster accepts.
func trusted(provider config.Provider) []byte {
	var bundle []byte

	for _, accepted := range provider.Cluster().AcceptedCAs() {
		bundle = append(bundle, accepted.Crt...)
	}

	if issuing := provider.Cluster().IssuingCA(); issuing != nil {
		bundle = append(bundle, issuing.Crt...)
	}

	return bundle
}

func issue(ca *x509.PEMEncodedCertificateAndKey, usage stdx509.ExtKeyUsage, options ...x509.Option) (*x509.PEMEncodedCertificateAndKey, error) {
	parsed, err := x509.NewCertificateAuthorityFromCertificateAndKey(ca)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}

	pair, err := x509.NewKeyPair(parsed, append([]x509.Option{
		// The clocks of a real cluster differ a little; Talos allows for as much.
		x509.NotBefore(time.Now().Add(-10 * time.Second)),
		x509.NotAfter(time.Now().Add(constants.KubernetesDefaultCertificateValidityDuration)),
		x509.KeyUsage(stdx509.KeyUsageDigitalSignature | stdx509.KeyUsageKeyEncipherment),
		x509.ExtKeyUsage([]stdx509.ExtKeyUsage{usage}),
	}, options...)...)
	if err != nil {
		return nil, err
	}

	return x509.NewCertificateAndKeyFromKeyPair(pair), nil
}

// clientCertificate issues a certificate of the cluster for a user in a group.
func clientCertificate(provider config.Provider, user, group string) (*x509.PEMEncodedCertificateAndKey, error) {
	ca, err := authority(provider)
	if err != nil {
		return nil, err
	}

	return issue(ca, stdx509.ExtKeyUsageClientAuth, x509.CommonName(user), x509.Organization(group))
}

// servingCertificate issues kube-apiserver's own, with the names that Talos puts into it.
func servingCertificate(node Node) (*x509.PEMEncodedCertificateAndKey, error) {
	ca, err := authority(node.Config)
	if err != nil {
		return nil, err
	}

	cluster := node.Config.Cluster()

	serviceAddresses, err := cluster.Network().APIServerIPs()
	if err != nil {
		return nil, fmt.Errorf("cluster.network.serviceSubnets: %w", err)
	}

	addresses := append(serviceAddresses, node.Address, netip.MustParseAddr("127.0.0.1"))
	names := []string{
		"kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc." + cluster.Network().DNSDomain(), "localhost", node.Hostname,
	}

	for _, name := range append([]string{cluster.Endpoint().Hostname()}, cluster.CertSANs()...) {
		if address, err := netip.ParseAddr(name); err == nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, name)
		}
	}

	slices.SortFunc(addresses, netip.Addr.Compare)
	slices.Sort(names)

	return issue(ca, stdx509.ExtKeyUsageServerAuth,
		x509.CommonName("kube-apiserver"), x509.Organization("kube-master"),
		x509.DNSNames(slices.Compact(names)), x509.IPAddresses(standard(slices.Compact(addresses))),
	)
}

func standard(addresses []netip.Addr) []net.IP {
	ips := make([]net.IP, 0, len(addresses))
	for _, address := range addresses {
		ips = append(ips, address.AsSlice())
	}

	return ips
}
