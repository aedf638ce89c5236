package machine

import (
	"context"
	"net/netip"
	"net/url"

	clientv3 "go.etcd.io/etcd/client/v3"

	"talos-cluster/lab/internal/etcd"
)

// Upgrade is one upgrade of a machine.
type Upgrade struct {
	// From and To are Talos versions, as v1.13.0.
	From string
	To   string
	// Schematic is what the image factory made the new installer image from, "" where it is of no factory.
	Schematic string
}

// MembersAction is what happened to a member of an etcd cluster.
type MembersAction string

// What happens to members. One that leaves is removed by its own hand.
const (
	MemberAdded    MembersAction = "added"
	MemberPromoted MembersAction = "promoted"
	MemberRemoved  MembersAction = "removed"
	MemberLeft     MembersAction = "left"
)

// MembersChange is one change of an etcd cluster.
type MembersChange struct {
	Action MembersAction
	// Address is the member's machine.
	Address netip.Addr
}

// memberChanged passes on what became of the machine's own member.
func (machine *Machine) memberChanged(change etcd.Change) {
	actions := map[etcd.Change]MembersAction{
		etcd.Added: MemberAdded, etcd.Promoted: MemberPromoted, etcd.Removed: MemberRemoved,
	}

	machine.options.Observer.MembersChanged(machine, MembersChange{Action: actions[change], Address: machine.Address()})
}

// addressOfMember is the machine of a member, invalid when the cluster does not know it.
func addressOfMember(ctx context.Context, client *clientv3.Client, id uint64) netip.Addr {
	list, err := client.MemberList(ctx)
	if err != nil {
		return netip.Addr{}
	}

	for _, member := range list.Members {
		if member.ID != id || len(member.PeerURLs) == 0 {
			continue
		}

		if peer, err := url.Parse(member.PeerURLs[0]); err == nil {
			address, _ := netip.ParseAddr(peer.Hostname())

			return address
		}
	}

	return netip.Addr{}
}
