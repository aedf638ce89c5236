package machine

import (
	"crypto/sha256"
	"crypto/tls"
	stdx509 "crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/role"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/resources"
)

// identity is what apid shows to clients and to other machines.
type identity struct {
	server tls.Certificate
	client *tls.Certificate // nil on workers: they cannot forward
	pool   *stdx509.CertPool
	// key is what the certificates were made from; they are made anew when it changes.
	key string
}

// issuance is what goes into the certificates of apid beside the config.
type issuance struct {
	hostname string
	hardware resources.Hardware
	// from and until are the certificates' lifetime, by the clock of the machine.
	from  time.Time
	until time.Time
	// era is how far the lab's time had gone on.
	era time.Duration
	// mismatched names the address of another machine, as after a move to a new address.
	mismatched bool
}

func (boot *Boot) issuance() issuance {
	return issuance{
		hostname:   boot.Hostname(),
		hardware:   boot.Machine.Hardware(),
		from:       boot.Machine.issuedAt(),
		until:      boot.Machine.Now().Add(x509.DefaultCertificateValidityDuration),
		era:        boot.Machine.era(),
		mismatched: boot.Machine.Faults.Has(fault.CertificateMismatch),
	}
}

// key sums up what the certificates of apid are made from.
func (issuance issuance) key(provider config.Provider) string {
	hash := sha256.New()
	fmt.Fprintln(hash, issuance.hostname, issuance.era, issuance.mismatched, provider.Machine().Type(), provider.Machine().Security().CertSANs())

	for _, accepted := range resources.AcceptedCAs(provider) {
		hash.Write(accepted.Crt)
	}

	return hex.EncodeToString(hash.Sum(nil))
}

// formerAddress is what a mismatched certificate names instead of the machine's address.
var formerAddress = net.IPv4(192, 0, 2, 1)

// serverTLS demands a client certificate of an accepted authority whose only use is client authentication.
func (identity *identity) serverTLS(now func() time.Time) *tls.Config {
	return &tls.Config{
		Time:                  now,
		Certificates:          []tls.Certificate{identity.server},
		ClientAuth:            tls.RequireAndVerifyClientCert,
		ClientCAs:             identity.pool,
		VerifyPeerCertificate: verifyClientUse,
	}
}

func (identity *identity) clientTLS(now func() time.Time) *tls.Config {
	return &tls.Config{
		Time:         now,
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{*identity.client},
		RootCAs:      identity.pool,
	}
}

func verifyClientUse(_ [][]byte, chains [][]*stdx509.Certificate) error {
	if len(chains) == 0 {
		return errors.New("no verified chains")
	}

	for _, certificate := range chains[0] {
		if !certificate.IsCA && !slices.Equal(certificate.ExtKeyUsage, []stdx509.ExtKeyUsage{stdx509.ExtKeyUsageClientAuth}) {
			return fmt.Errorf("certificate %q is missing the client auth extended key usage", certificate.Subject)
		}
	}

	return nil
}

// maintenanceIdentity is signed by an authority of this boot only; clients cannot know it.
func maintenanceIdentity(hostname string, hardware resources.Hardware) (*identity, error) {
	authority, err := x509.NewSelfSignedCertificateAuthority(
		x509.NotAfter(time.Now().Add(x509.DefaultCertificateValidityDuration)))
	if err != nil {
		return nil, err
	}

	server, err := x509.NewKeyPair(authority,
		x509.CommonName("maintenance-service.talos.dev"),
		x509.DNSNames([]string{hostname}),
		x509.IPAddresses([]net.IP{net.IP(hardware.Address.AsSlice()), net.IPv4(127, 0, 0, 1), net.IPv6loopback}),
		x509.NotAfter(time.Now().Add(x509.DefaultCertificateValidityDuration)),
		x509.KeyUsage(stdx509.KeyUsageDigitalSignature),
		x509.ExtKeyUsage([]stdx509.ExtKeyUsage{stdx509.ExtKeyUsageServerAuth}),
	)
	if err != nil {
		return nil, err
	}

	return &identity{server: *server.Certificate}, nil
}

// configuredIdentity is signed by the OS authority: a controller's own, or for a worker the one of the controller it asks.
func configuredIdentity(provider config.Provider, issuing *x509.PEMEncodedCertificateAndKey, issuance issuance) (*identity, error) {
	authority, err := x509.NewCertificateAuthorityFromCertificateAndKey(issuing)
	if err != nil {
		return nil, fmt.Errorf("failed to parse CA certificate: %w", err)
	}

	names, addresses := issuance.subjects(provider)

	server, err := issuance.issue(authority, stdx509.ExtKeyUsageServerAuth,
		x509.CommonName(issuance.hostname), x509.DNSNames(names), x509.IPAddresses(addresses))
	if err != nil {
		return nil, fmt.Errorf("failed to generate API server cert: %w", err)
	}

	result := &identity{server: *server.Certificate, pool: stdx509.NewCertPool()}

	for _, accepted := range resources.AcceptedCAs(provider) {
		result.pool.AppendCertsFromPEM(accepted.Crt)
	}

	if provider.Machine().Type().IsControlPlane() {
		client, err := issuance.issue(authority, stdx509.ExtKeyUsageClientAuth,
			x509.CommonName(issuance.hostname), x509.Organization(string(role.Impersonator)))
		if err != nil {
			return nil, fmt.Errorf("failed to generate API client cert: %w", err)
		}

		result.client = client.Certificate
	}

	return result, nil
}

func (issuance issuance) issue(authority *x509.CertificateAuthority, use stdx509.ExtKeyUsage, options ...x509.Option) (*x509.KeyPair, error) {
	return x509.NewKeyPair(authority, append(options,
		x509.NotBefore(issuance.from),
		x509.NotAfter(issuance.until),
		x509.KeyUsage(stdx509.KeyUsageDigitalSignature),
		x509.ExtKeyUsage([]stdx509.ExtKeyUsage{use}),
	)...)
}

// subjects are the names of the server certificate: the machine's own and machine.certSANs, never the cluster endpoint.
func (issuance issuance) subjects(provider config.Provider) (names []string, addresses []net.IP) {
	names = []string{issuance.hostname}
	addresses = []net.IP{net.IP(issuance.hardware.Address.AsSlice())}

	if issuance.mismatched {
		addresses = []net.IP{formerAddress}
	}

	if short, domain := resources.SplitHostname(issuance.hostname); domain != "" {
		names = append(names, short)
	}

	for _, extra := range provider.Machine().Security().CertSANs() {
		if address := net.ParseIP(extra); address != nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, extra)
		}
	}

	return names, addresses
}
