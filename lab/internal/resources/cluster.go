package resources

import (
	"net/netip"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/crypto/x509"
	talosconfig "github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/cluster"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
)

// AcceptedCAs returns the certificate authorities of the Talos API that a machine trusts, its own issuing one included.
func AcceptedCAs(config talosconfig.Provider) []*x509.PEMEncodedCertificate {
	security := config.Machine().Security()

	accepted := security.AcceptedCAs()
	if issuing := security.IssuingCA(); issuing != nil {
		accepted = append(accepted, &x509.PEMEncodedCertificate{Crt: issuing.Crt})
	}

	return accepted
}

func clusterResources(facts Facts) []resource.Resource {
	resources := []resource.Resource(nil)

	if facts.NodeID != "" {
		identity := cluster.NewIdentity(cluster.NamespaceName, cluster.LocalIdentity)
		identity.TypedSpec().NodeID = facts.NodeID
		resources = append(resources, identity)
	}

	discovered := k8s.NewEndpoint(k8s.ControlPlaneNamespaceName, k8s.ControlPlaneDiscoveredEndpointsID)
	resources = append(resources, discovered)

	if !facts.Complete() {
		return resources
	}

	information := cluster.NewInfo()
	information.TypedSpec().ClusterID = facts.Config.Cluster().ID()
	information.TypedSpec().ClusterName = facts.Config.Cluster().Name()
	resources = append(resources, information)

	for _, member := range facts.Members {
		item := cluster.NewMember(cluster.NamespaceName, member.Nodename)
		*item.TypedSpec() = cluster.MemberSpec{
			NodeID:          member.NodeID,
			Addresses:       []netip.Addr{member.Address},
			Hostname:        member.Hostname,
			MachineType:     member.Type,
			OperatingSystem: "Talos (" + member.TalosVersion + ")",
		}

		if member.Type.IsControlPlane() {
			item.TypedSpec().ControlPlane = &cluster.ControlPlane{APIServerPort: member.APIServerPort}
			discovered.TypedSpec().Addresses = append(discovered.TypedSpec().Addresses, member.Address)
		}

		resources = append(resources, item)
	}

	if len(facts.APIServers) > 0 {
		servers := k8s.NewEndpoint(k8s.ControlPlaneNamespaceName, k8s.ControlPlaneAPIServerEndpointsID)
		servers.TypedSpec().Addresses = facts.APIServers
		resources = append(resources, servers)
	}

	return append(resources, endpoint(facts))
}

func endpoint(facts Facts) resource.Resource {
	host := facts.Config.Cluster().Endpoint().Hostname()
	endpoint := k8s.NewEndpoint(k8s.ControlPlaneNamespaceName, k8s.ControlPlaneKubernetesEndpointsID)

	if address, err := netip.ParseAddr(host); err == nil {
		endpoint.TypedSpec().Addresses = []netip.Addr{address}
	} else {
		endpoint.TypedSpec().Hosts = []string{host}
	}

	return endpoint
}
