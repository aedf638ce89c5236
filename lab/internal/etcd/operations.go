package etcd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/resources/etcd"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"talos-cluster/lab/internal/pause"
)

// leaveTimeout and leaveInterval are Talos's 5 min and 10 s, shortened: a lab's member learns of another's end at once.
const (
	leaveTimeout  = 30 * time.Second
	leaveInterval = time.Second
)

// Remove takes a member out of the cluster. etcd itself refuses when the rest would be no quorum.
func Remove(ctx context.Context, client *clientv3.Client, id uint64) error {
	if _, err := client.MemberRemove(ctx, id); err != nil {
		return fmt.Errorf("failed to remove member %d: %w", id, err)
	}

	return nil
}

// Leave takes a member out of the cluster for good, and tries again while etcd says that it cannot tell yet.
func Leave(ctx context.Context, client *clientv3.Client, id uint64) error {
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()

	for {
		err := Remove(ctx, client, id)

		switch {
		case err == nil, errors.Is(err, rpctypes.ErrMemberNotFound):
			return nil
		case !errors.Is(err, rpctypes.ErrUnhealthy) && !errors.Is(err, rpctypes.ErrStopped):
			return err
		}

		if pause.For(ctx, leaveInterval) != nil {
			return err
		}
	}
}

// Forfeit makes another member the leader when this one is, and returns its name; "" when there was nothing to do.
// As in Talos that is the first of the others, learner or not.
func (member *Member) Forfeit(ctx context.Context, id uint64) (string, error) {
	return ask(ctx, member, func(client *clientv3.Client) (string, error) {
		list, err := client.MemberList(ctx)
		if err != nil {
			return "", fmt.Errorf("failed to list etcd members: %w", err)
		}

		if len(list.Members) == 1 {
			return "", errors.New("cannot forfeit leadership, only one member")
		}

		status, err := client.Status(ctx, clientURL(member.options.Address))
		if err != nil {
			return "", err
		}

		if status.Leader != id {
			return "", nil
		}

		for _, other := range list.Members {
			if other.ID == id {
				continue
			}

			if _, err := client.MoveLeader(ctx, other.ID); err != nil && !errors.Is(err, rpctypes.ErrNotLeader) {
				return "", err
			}

			return other.Name, nil
		}

		return "", fmt.Errorf("failed to find %q in list of etcd members", etcd.FormatMemberID(id))
	})
}

// Disarm ends all alarms of the cluster and returns those that were.
func (member *Member) Disarm(ctx context.Context) (*clientv3.AlarmResponse, error) {
	return ask(ctx, member, func(client *clientv3.Client) (*clientv3.AlarmResponse, error) {
		return client.AlarmDisarm(ctx, &clientv3.AlarmMember{})
	})
}

// Defragment gives back what this member's database does not use.
func (member *Member) Defragment(ctx context.Context) (*clientv3.DefragmentResponse, error) {
	return ask(ctx, member, func(client *clientv3.Client) (*clientv3.DefragmentResponse, error) {
		return client.Defragment(ctx, clientURL(member.options.Address))
	})
}
