package resources

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"net/netip"
	"strings"

	talosconfig "github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/nethelpers"
)

// Hostname returns the name a machine gives itself, as Talos derives it: the configured one, else one from the node id
// (auto: stable), else one from its address.
func Hostname(config talosconfig.Provider, nodeID string, address netip.Addr) string {
	if config != nil {
		if configured := config.NetworkHostnameConfig(); configured != nil {
			switch {
			case configured.Hostname() != "":
				return configured.Hostname()
			case configured.AutoHostname() == nethelpers.AutoHostnameKindStable:
				return stableHostname(nodeID)
			}
		}
	}

	return "talos-" + strings.NewReplacer(":", "", ".", "-").Replace(address.String())
}

func stableHostname(nodeID string) string {
	hash := sha256.Sum256([]byte(nodeID))
	text := new(big.Int).SetBytes(hash[:8]).Text(36)

	return fmt.Sprintf("talos-%s-%s", text[1:4], text[4:7])
}

// SplitHostname splits a full name into host and domain.
func SplitHostname(name string) (hostname, domain string) {
	hostname, domain, _ = strings.Cut(name, ".")

	return hostname, domain
}
