package resources

import (
	"net/netip"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/nethelpers"
	"github.com/siderolabs/talos/pkg/machinery/resources/network"
)

const (
	linkName  = "eth0"
	linkIndex = 2

	// PrefixBits is the size of the network the machines think they share.
	PrefixBits = 24
)

func (facts Facts) prefix() netip.Prefix {
	return netip.PrefixFrom(facts.Hardware.Address, PrefixBits)
}

func networkResources(facts Facts) []resource.Resource {
	hostname := network.NewHostnameStatus(network.NamespaceName, network.HostnameID)
	hostname.TypedSpec().Hostname, hostname.TypedSpec().Domainname = SplitHostname(facts.Hostname)

	status := network.NewStatus(network.NamespaceName, network.StatusID)
	*status.TypedSpec() = network.StatusSpec{AddressReady: true, ConnectivityReady: true, HostnameReady: true, EtcFilesReady: true}

	resources := []resource.Resource{hostname, status, resolvers(facts), timeServers(facts)}
	resources = append(resources, links(facts)...)
	resources = append(resources, addresses(facts)...)
	resources = append(resources, routes(facts)...)

	for _, id := range []resource.ID{
		network.NodeAddressDefaultID, network.NodeAddressCurrentID, network.NodeAddressAccumulativeID, network.NodeAddressRoutedID,
	} {
		address := network.NewNodeAddress(network.NamespaceName, id)
		address.TypedSpec().Addresses = []netip.Prefix{facts.prefix()}
		resources = append(resources, address)
	}

	return resources
}

func resolvers(facts Facts) resource.Resource {
	status := network.NewResolverStatus(network.NamespaceName, network.ResolverID)
	status.TypedSpec().DNSServers = []netip.Addr{
		netip.MustParseAddr(constants.DefaultPrimaryResolver), netip.MustParseAddr(constants.DefaultSecondaryResolver),
	}
	status.TypedSpec().SearchDomains = []string{}

	if facts.Config != nil {
		if configured := facts.Config.NetworkResolverConfig(); configured != nil && len(configured.Resolvers()) > 0 {
			status.TypedSpec().DNSServers = configured.Resolvers()
		}
	}

	return status
}

func timeServers(facts Facts) resource.Resource {
	status := network.NewTimeServerStatus(network.NamespaceName, network.TimeServerID)
	status.TypedSpec().NTPServers = []string{constants.DefaultNTPServer}

	if facts.Config != nil {
		if configured := facts.Config.NetworkTimeSyncConfig(); configured != nil && len(configured.Servers()) > 0 {
			status.TypedSpec().NTPServers = configured.Servers()
		}
	}

	return status
}

func links(facts Facts) []resource.Resource {
	ethernet := network.NewLinkStatus(network.NamespaceName, linkName)
	*ethernet.TypedSpec() = network.LinkStatusSpec{
		Index: linkIndex, Type: nethelpers.LinkEther,
		Flags: nethelpers.LinkFlags(nethelpers.LinkUp | nethelpers.LinkBroadcast | nethelpers.LinkRunning |
			nethelpers.LinkMulticast | nethelpers.LinkLowerUp),
		HardwareAddr: nethelpers.HardwareAddr(hardwareAddr(facts)), PermanentAddr: nethelpers.HardwareAddr(hardwareAddr(facts)),
		BroadcastAddr: nethelpers.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		MTU:           1500, QueueDisc: "fq_codel", OperationalState: nethelpers.OperStateUp,
		BusPath: "0000:00:12.0", Driver: "virtio_net", DriverVersion: "1.0.0",
		LinkState: true, SpeedMegabits: 1000, Port: nethelpers.Other, Duplex: nethelpers.Full,
	}

	loopback := network.NewLinkStatus(network.NamespaceName, "lo")
	*loopback.TypedSpec() = network.LinkStatusSpec{
		Index: 1, Type: nethelpers.LinkLoopbck,
		Flags: nethelpers.LinkFlags(nethelpers.LinkUp | nethelpers.LinkLoopback | nethelpers.LinkRunning |
			nethelpers.LinkLowerUp),
		HardwareAddr: make(nethelpers.HardwareAddr, 6), BroadcastAddr: make(nethelpers.HardwareAddr, 6),
		MTU: 65536, QueueDisc: "noqueue", OperationalState: nethelpers.OperStateUnknown,
		LinkState: true, Port: nethelpers.Other, Duplex: nethelpers.Unknown,
	}

	return []resource.Resource{ethernet, loopback}
}

func addresses(facts Facts) []resource.Resource {
	ethernet := network.NewAddressStatus(network.NamespaceName, linkName+"/"+facts.prefix().String())
	*ethernet.TypedSpec() = network.AddressStatusSpec{
		Address: facts.prefix(), LinkIndex: linkIndex, LinkName: linkName, Family: nethelpers.FamilyInet4,
		Scope: nethelpers.ScopeGlobal, Flags: nethelpers.AddressFlags(nethelpers.AddressPermanent),
	}

	loopbackPrefix := netip.MustParsePrefix("127.0.0.1/8")

	loopback := network.NewAddressStatus(network.NamespaceName, "lo/"+loopbackPrefix.String())
	*loopback.TypedSpec() = network.AddressStatusSpec{
		Address: loopbackPrefix, LinkIndex: 1, LinkName: "lo", Family: nethelpers.FamilyInet4,
		Scope: nethelpers.ScopeHost, Flags: nethelpers.AddressFlags(nethelpers.AddressPermanent),
	}

	return []resource.Resource{ethernet, loopback}
}

func routes(facts Facts) []resource.Resource {
	network4 := facts.prefix().Masked()
	gateway := network4.Addr().Next()

	subnet := network.NewRouteStatus(network.NamespaceName, "inet4//"+network4.String()+"/0")
	*subnet.TypedSpec() = network.RouteStatusSpec{
		Family: nethelpers.FamilyInet4, Destination: network4, Source: facts.Hardware.Address,
		OutLinkIndex: linkIndex, OutLinkName: linkName, Table: nethelpers.TableMain, Scope: nethelpers.ScopeLink,
		Type: nethelpers.TypeUnicast, Protocol: nethelpers.ProtocolKernel,
	}

	standard := network.NewRouteStatus(network.NamespaceName, "inet4/"+gateway.String()+"//0")
	*standard.TypedSpec() = network.RouteStatusSpec{
		Family: nethelpers.FamilyInet4, Gateway: gateway, OutLinkIndex: linkIndex, OutLinkName: linkName,
		Table: nethelpers.TableMain, Scope: nethelpers.ScopeGlobal, Type: nethelpers.TypeUnicast, Protocol: nethelpers.ProtocolBoot,
	}

	return []resource.Resource{subnet, standard}
}
