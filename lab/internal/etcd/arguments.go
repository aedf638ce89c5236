package etcd

import (
	"fmt"
	"net/netip"
	"sort"

	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// environment keeps the program small: three members must share a laptop with everything else.
var environment = []string{"GOGC=50", "GOMEMLIMIT=96MiB"}

// labArguments are where the lab departs from Talos.
var labArguments = map[string]string{
	// Machines of the lab never lose power for real: a killed process loses nothing the kernel holds.
	"unsafe-no-fsync": "true",
	// A lab's database stays far below these; the defaults reserve gigabytes.
	"quota-backend-bytes": "536870912",
	"snapshot-count":      "2000",
	"max-wals":            "2",
	// On loopback every connection comes from 127.0.0.1, an address that no peer certificate names.
	"peer-skip-client-san-verification": "true",
}

func peerURL(address netip.Addr) string {
	return "https://" + netip.AddrPortFrom(address, constants.EtcdPeerPort).String()
}

func clientURL(address netip.Addr) string {
	return "https://" + netip.AddrPortFrom(address, constants.EtcdClientPort).String()
}

// peer is the member's own entry of an initial cluster.
func (member *Member) peer(name string) string {
	return fmt.Sprintf("%s=%s", name, peerURL(member.options.Address))
}

// listenPeers is where the program listens for peers: behind the relay, where there is one.
func (member *Member) listenPeers() string {
	if member.relay != nil {
		return "https://" + member.relay.behind.String()
	}

	return peerURL(member.options.Address)
}

// arguments are Talos's, then the machine configuration's, then what the lab must have its way with.
func (member *Member) arguments(node Node) []string {
	files := member.pki()
	peers, clients := peerURL(member.options.Address), clientURL(member.options.Address)
	arguments := map[string][]string{
		"initial-advertise-peer-urls":    {peers},
		"advertise-client-urls":          {clients},
		"watch-progress-notify-interval": {"5s"},
		"feature-gates":                  {"InitialCorruptCheck=true,CompactHashCheck=true"},
	}

	for name, values := range node.Config.Cluster().Etcd().ExtraArgs() {
		arguments[name] = values
	}

	for name, value := range map[string]string{
		"name":                  node.Hostname,
		"data-dir":              member.dataDirectory(),
		"listen-peer-urls":      member.listenPeers(),
		"listen-client-urls":    clients,
		"client-cert-auth":      "true",
		"cert-file":             files.path("server.crt"),
		"key-file":              files.path("server.key"),
		"trusted-ca-file":       files.path("ca.crt"),
		"peer-client-cert-auth": "true",
		"peer-cert-file":        files.path("peer.crt"),
		"peer-key-file":         files.path("peer.key"),
		"peer-trusted-ca-file":  files.path("ca.crt"),
	} {
		arguments[name] = []string{value}
	}

	for name, value := range labArguments {
		arguments[name] = []string{value}
	}

	return format(arguments)
}

func format(arguments map[string][]string) []string {
	var formatted []string

	for name, values := range arguments {
		for _, value := range values {
			formatted = append(formatted, "--"+name+"="+value)
		}
	}

	sort.Strings(formatted)

	return formatted
}
