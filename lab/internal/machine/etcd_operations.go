package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/siderolabs/talos/pkg/machinery/resources/etcd"
	clientv3 "go.etcd.io/etcd/client/v3"

	members "talos-cluster/lab/internal/etcd"
	"talos-cluster/lab/internal/pause"
)

// etcdClient asks the controllers of the cluster, the machine itself among them, as Talos does for what concerns all.
func (boot *Boot) etcdClient(ctx context.Context) (*clientv3.Client, error) {
	addresses := boot.otherMembers()
	if boot.kubernetes.etcd.Running() {
		addresses = append(addresses, boot.Machine.Address())
	}

	if len(addresses) == 0 {
		return nil, errors.New("no controlplane endpoints discovered yet")
	}

	client, err := members.ClientTo(ctx, boot.Config(), addresses...)
	if err != nil {
		return nil, fmt.Errorf("failed to create etcd client: %w", err)
	}

	return client, nil
}

// RemoveEtcdMember takes any member out of the cluster.
func (boot *Boot) RemoveEtcdMember(ctx context.Context, id uint64) error {
	client, err := boot.etcdClient(ctx)
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // nothing is lost with it

	ctx = clientv3.WithRequireLeader(ctx)
	address := addressOfMember(ctx, client, id)

	if err := members.Remove(ctx, client, id); err != nil {
		return err
	}

	boot.Machine.options.Observer.MembersChanged(boot.Machine, MembersChange{Action: MemberRemoved, Address: address})

	return nil
}

// LeaveEtcd takes the machine's own member out of the cluster, ends it and empties its data directory. It does not come
// back before the next boot.
func (boot *Boot) LeaveEtcd(ctx context.Context) error {
	id, err := boot.etcdMemberID(ctx)
	if err != nil {
		return err
	}

	client, err := boot.etcdClient(ctx)
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // nothing is lost with it

	if err := members.Leave(clientv3.WithRequireLeader(ctx), client, id); err != nil {
		return err
	}

	boot.Machine.options.Observer.MembersChanged(boot.Machine, MembersChange{Action: MemberLeft, Address: boot.Machine.Address()})
	boot.Services.Stop("etcd")
	boot.updateKubernetes(func() { boot.kubernetes.memberID = "" })

	return boot.kubernetes.etcd.Wipe(context.WithoutCancel(ctx))
}

// ForfeitEtcdLeadership makes another member the leader when this machine's is; it returns that member's name.
func (boot *Boot) ForfeitEtcdLeadership(ctx context.Context) (string, error) {
	id, err := boot.etcdMemberID(ctx)
	if err != nil {
		return "", err
	}

	return boot.kubernetes.etcd.Forfeit(clientv3.WithRequireLeader(ctx), id)
}

// etcdMemberID waits until the machine knows its own member.
func (boot *Boot) etcdMemberID(ctx context.Context) (uint64, error) {
	for {
		boot.kubernetes.mu.Lock()
		id := boot.kubernetes.memberID
		boot.kubernetes.mu.Unlock()

		if id != "" {
			return etcd.ParseMemberID(id)
		}

		if err := pause.For(ctx, healthPeriod/10); err != nil {
			return 0, fmt.Errorf("failed to get local etcd member ID: %w", err)
		}
	}
}

// leaveEtcd is the task of a graceful reset. A machine that has no running member has nothing to leave.
func (boot *Boot) leaveEtcd(ctx context.Context) error {
	if !boot.kubernetes.etcd.HasData() || !slices.Contains([]string{"Running", "Stopping", "Failed"}, boot.serviceState("etcd")) {
		return nil
	}

	if err := boot.LeaveEtcd(ctx); err != nil {
		return fmt.Errorf("failed to leave cluster: %w", err)
	}

	return nil
}

func (boot *Boot) serviceState(id string) string {
	for _, service := range boot.Services.List() {
		if service.Id == id {
			return service.State
		}
	}

	return ""
}

// UploadEtcdSnapshot keeps a snapshot that a bootstrap can recover from.
func (boot *Boot) UploadEtcdSnapshot(from io.Reader) error { return boot.kubernetes.etcd.Upload(from) }

// EphemeralMounted tells whether /var is there.
func (boot *Boot) EphemeralMounted() bool {
	boot.factsMu.Lock()
	defer boot.factsMu.Unlock()

	return boot.mounted
}
