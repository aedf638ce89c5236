package etcd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/constants"
	"go.etcd.io/etcd/api/v3/etcdserverpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"talos-cluster/lab/internal/pause"
)

const (
	// joinInterval and promoteInterval are Talos's 3 s and 15 s, shortened: a lab's log is caught up at once.
	joinInterval    = 500 * time.Millisecond
	promoteInterval = 200 * time.Millisecond
	attemptTimeout  = 5 * time.Second
	reachTimeout    = 300 * time.Millisecond
	promoteTimeout  = 10 * time.Minute
)

// Join adds the member to the cluster of the other controllers and returns when its program runs.
// Until there is such a cluster it goes on trying, so call it with the context of the boot.
// It ends with context.Canceled when ctx ends, or at Bootstrap, Stop, Kill or Wipe.
// The member begins as a learner; promotion goes on in the background.
func (member *Member) Join(ctx context.Context, node Node, controllers func() []netip.Addr) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	member.mutex.Lock()
	previous := member.endJoin
	member.endJoin = cancel
	member.mutex.Unlock()

	if previous != nil {
		previous()
	}

	return member.exclusively(ctx, func() error {
		if member.Running() {
			return nil
		}

		if member.HasData() {
			return ErrDataDirectoryNotEmpty
		}

		id, cluster, err := member.addRetrying(ctx, node, controllers)
		if err != nil {
			return err
		}

		if err := member.run(node, "--initial-cluster-state=existing", "--initial-cluster="+cluster); err != nil {
			return err
		}

		member.promoteInBackground(node, id, controllers)

		return nil
	})
}

func (member *Member) addRetrying(ctx context.Context, node Node, controllers func() []netip.Addr) (uint64, string, error) {
	lastText := ""

	for {
		id, cluster, err := member.add(ctx, node, controllers())
		if err == nil {
			return id, cluster, nil
		}

		if ctx.Err() != nil {
			return 0, "", ctx.Err()
		}

		if text := err.Error(); text != lastText {
			lastText = text
			member.log("etcd is waiting to join the cluster: %s", text)
		}

		if err := pause.For(ctx, joinInterval); err != nil {
			return 0, "", err
		}
	}
}

// add makes the member known to the cluster and returns its id and the initial cluster to start with.
func (member *Member) add(ctx context.Context, node Node, controllers []netip.Addr) (uint64, string, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()

	controllers = slices.DeleteFunc(slices.Clone(controllers), func(controller netip.Addr) bool { return !reachable(ctx, controller) })
	if len(controllers) == 0 {
		return 0, "", errors.New("no other controller's etcd answers yet")
	}

	client, err := ClientTo(ctx, node.Config, controllers...)
	if err != nil {
		return 0, "", err
	}
	defer client.Close()

	ctx = clientv3.WithRequireLeader(ctx)

	list, err := client.MemberList(ctx)
	if err != nil {
		return 0, "", fmt.Errorf("members cannot be listed: %w", err)
	}

	for _, known := range list.Members {
		switch {
		case known.Name == "" && slices.Equal(known.PeerURLs, []string{peerURL(member.options.Address)}):
			// An attempt whose answer got lost: Talos would be refused from now on.
			return known.ID, initialCluster(list.Members, known.ID, node.Hostname), nil
		case known.Name == node.Hostname:
			// This machine has no data: a member of its name is what it was before a wipe, and is dead.
			if _, err := client.MemberRemove(ctx, known.ID); err != nil {
				return 0, "", fmt.Errorf("member %s of before cannot be removed: %w", node.Hostname, err)
			}

			member.changed(Removed)
		case known.IsLearner:
			// etcd would refuse too, at the cost of a raft proposal and an error in its log every time.
			return 0, "", fmt.Errorf("member %016x is still a learner: etcd takes one at a time", known.ID)
		}
	}

	added, err := client.MemberAddAsLearner(ctx, []string{peerURL(member.options.Address)})
	if err != nil {
		return 0, "", fmt.Errorf("member cannot be added: %w", err)
	}

	member.changed(Added)

	return added.Member.ID, initialCluster(added.Members, added.Member.ID, node.Hostname), nil
}

// initialCluster names every member, the new one by its hostname: it has told nobody yet.
func initialCluster(members []*etcdserverpb.Member, id uint64, hostname string) string {
	var cluster []string

	for _, known := range members {
		name := known.Name
		if known.ID == id {
			name = hostname
		}

		for _, url := range known.PeerURLs {
			cluster = append(cluster, name+"="+url)
		}
	}

	return strings.Join(cluster, ",")
}

func (member *Member) promoteInBackground(node Node, id uint64, controllers func() []netip.Addr) {
	ctx, cancel := context.WithTimeout(context.Background(), promoteTimeout)

	member.mutex.Lock()
	member.endPromote = cancel
	member.mutex.Unlock()

	member.promotion.Go(func() {
		defer cancel()

		for ctx.Err() == nil {
			if !member.promotionHeld() && member.promote(ctx, node, id, controllers()) {
				member.log("etcd member %016x is promoted", id)
				member.changed(Promoted)

				return
			}

			_ = pause.For(ctx, promoteInterval) // the loop's condition sees the end of ctx
		}
	})
}

func (member *Member) promotionHeld() bool {
	return member.options.PromotionHeld != nil && member.options.PromotionHeld()
}

// promote asks each controller in turn: the learner itself could never do it. One that is
// down is passed over, since an etcd client would wait for it until the attempt's end.
func (member *Member) promote(ctx context.Context, node Node, id uint64, controllers []netip.Addr) bool {
	for _, controller := range controllers {
		if !reachable(ctx, controller) {
			continue
		}

		attempt, cancel := context.WithTimeout(ctx, attemptTimeout)
		err := promoteThrough(attempt, node, id, controller)

		cancel()

		if err == nil {
			return true
		}
	}

	return false
}

func reachable(ctx context.Context, controller netip.Addr) bool {
	dialer := net.Dialer{Timeout: reachTimeout}

	connection, err := dialer.DialContext(ctx, "tcp", netip.AddrPortFrom(controller, constants.EtcdClientPort).String())
	if err != nil {
		return false
	}

	return connection.Close() == nil
}

func promoteThrough(ctx context.Context, node Node, id uint64, controller netip.Addr) error {
	client, err := ClientTo(ctx, node.Config, controller)
	if err != nil {
		return err
	}
	defer client.Close()

	_, err = client.MemberPromote(ctx, id)

	return err
}

func (member *Member) log(format string, arguments ...any) {
	if member.options.Log != nil {
		fmt.Fprintf(member.options.Log, format+"\n", arguments...)
	}
}
