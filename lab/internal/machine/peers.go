package machine

import (
	"net/netip"
	"slices"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/resources"
)

// Peers are all machines of a lab. They find each other as Talos machines do: by the cluster in their config.
type Peers struct {
	machines []*Machine
}

// Introduce makes machines know each other; call it before any is switched on.
func Introduce(machines []*Machine) {
	peers := &Peers{machines: machines}
	for _, machine := range machines {
		machine.peers = peers
	}
}

// Changed lets every running machine look at the others again.
func (peers *Peers) Changed() {
	for _, machine := range peers.machines {
		if boot := machine.Boot(); boot != nil {
			boot.notify()
		}
	}
}

// configured calls visit for every running machine that belongs to the cluster of provider.
func (peers *Peers) configured(provider config.Provider, visit func(*Boot, config.Provider)) {
	for _, machine := range peers.machines {
		boot := machine.Boot()
		if boot == nil {
			continue
		}

		other := boot.Config()
		if other == nil || !other.CompleteForBoot() || other.Cluster().ID() != provider.Cluster().ID() {
			continue
		}

		visit(boot, other)
	}
}

// members are the machines the discovery service would tell about.
func (peers *Peers) members(provider config.Provider) []resources.Member {
	members := []resources.Member(nil)

	peers.configured(provider, func(boot *Boot, other config.Provider) {
		if !other.Cluster().Discovery().Enabled() || !boot.announced() {
			return
		}

		facts := resources.Facts{Config: other, Hostname: boot.Hostname()}
		members = append(members, resources.Member{
			NodeID:        boot.nodeID,
			Hostname:      boot.Hostname(),
			Nodename:      resources.Nodename(facts),
			Address:       boot.Machine.Address(),
			Type:          other.Machine().Type(),
			TalosVersion:  boot.Profile.Tag,
			APIServerPort: other.Cluster().LocalAPIServerPort(),
		})
	})

	return members
}

// controllers returns the addresses of the other controllers of a cluster.
func (peers *Peers) controllers(provider config.Provider, self netip.Addr) []netip.Addr {
	addresses := []netip.Addr(nil)

	peers.configured(provider, func(boot *Boot, other config.Provider) {
		if other.Machine().Type().IsControlPlane() && boot.Machine.Address() != self && peers.linked(self, boot.Machine.Address()) {
			addresses = append(addresses, boot.Machine.Address())
		}
	})

	return addresses
}

// controllerConfig is the config of any running controller of a cluster, nil when there is none.
func (peers *Peers) controllerConfig(provider config.Provider) config.Provider {
	found := config.Provider(nil)

	peers.configured(provider, func(_ *Boot, other config.Provider) {
		if other.Machine().Type().IsControlPlane() {
			found = other
		}
	})

	return found
}

// membersRunning are the other controllers of a cluster whose etcd runs.
func (peers *Peers) membersRunning(provider config.Provider, self netip.Addr) []netip.Addr {
	addresses := []netip.Addr(nil)

	peers.configured(provider, func(boot *Boot, _ config.Provider) {
		if boot.Machine.Address() != self && boot.kubernetes.etcd.Running() && peers.linked(self, boot.Machine.Address()) {
			addresses = append(addresses, boot.Machine.Address())
		}
	})

	return addresses
}

// apiServers are the controllers of a cluster whose API server is ready.
func (peers *Peers) apiServers(provider config.Provider) []netip.Addr {
	addresses := []netip.Addr(nil)

	peers.configured(provider, func(boot *Boot, _ config.Provider) {
		if boot.apiServerReady() {
			addresses = append(addresses, boot.Machine.Address())
		}
	})

	return addresses
}

// issuer is the authority a worker's certificate comes from: that of a controller whose trustd runs, knows the worker's
// token and is trusted by the worker. Nil when there is none yet.
func (peers *Peers) issuer(provider config.Provider, asking *Machine) *x509.PEMEncodedCertificateAndKey {
	var found *x509.PEMEncodedCertificateAndKey

	peers.configured(provider, func(boot *Boot, other config.Provider) {
		security := other.Machine().Security()

		if !peers.linked(asking.Address(), boot.Machine.Address()) {
			return
		}

		if !boot.Services.IsUp("trustd") || security.Token() != provider.Machine().Security().Token() || security.IssuingCA() == nil {
			return
		}

		trusted := slices.ContainsFunc(resources.AcceptedCAs(provider), func(accepted *x509.PEMEncodedCertificate) bool {
			return string(accepted.Crt) == string(security.IssuingCA().Crt)
		})
		if trusted {
			found = security.IssuingCA()
		}
	})

	return found
}

// announced tells whether the machine is far enough to tell others about itself: it has booted from its disk. That needs
// no certificate: a worker is discovered before its API answers.
func (boot *Boot) announced() bool {
	return boot.Machine.Disk.System() != nil && boot.Stage() != runtime.MachineStageInstalling
}
