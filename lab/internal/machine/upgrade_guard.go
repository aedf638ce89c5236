package machine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/constants"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"

	"talos-cluster/lab/internal/etcd"
)

const (
	upgradeLockSeconds = 60
	unlockTimeout      = 5 * time.Second
)

// GuardUpgrade is the look at etcd that the old upgrade API takes on controllers, and the new one does not: no other
// upgrade is at the same point, the members are not exactly two, and every one of them answers.
func (boot *Boot) GuardUpgrade(ctx context.Context) error {
	provider := boot.Config()
	controllers := append(boot.Machine.peers.controllers(provider, boot.Machine.Address()), boot.Machine.Address())

	client, err := etcd.ClientTo(ctx, provider, controllers...)
	if err != nil {
		return fmt.Errorf("failed to create etcd client: %w", err)
	}
	defer client.Close() //nolint:errcheck

	unlock, err := lockUpgrades(ctx, client)
	if err != nil {
		return fmt.Errorf("failed to acquire upgrade mutex: %w", err)
	}
	defer unlock()

	if err := boot.validateMembers(ctx, client); err != nil {
		return fmt.Errorf("error validating etcd for upgrade: %w", err)
	}

	return nil
}

func lockUpgrades(ctx context.Context, client *clientv3.Client) (func(), error) {
	session, err := concurrency.NewSession(client, concurrency.WithContext(ctx), concurrency.WithTTL(upgradeLockSeconds))
	if err != nil {
		return nil, fmt.Errorf("error establishing etcd concurrency session: %w", err)
	}

	mutex := concurrency.NewMutex(session, constants.EtcdTalosEtcdUpgradeMutex)

	if err := mutex.TryLock(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("error trying to lock etcd upgrade mutex: %w", err), session.Close())
	}

	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), unlockTimeout)
		defer cancel()

		mutex.Unlock(ctx) //nolint:errcheck // the lease ends with the session
		session.Close()   //nolint:errcheck
	}, nil
}

func (boot *Boot) validateMembers(ctx context.Context, client *clientv3.Client) error {
	list, err := client.MemberList(ctx)
	if err != nil {
		return err
	}

	if len(list.Members) == 2 { //nolint:mnd // Talos refuses this number alone
		return fmt.Errorf("etcd member count(%d) is insufficient to maintain quorum if upgrade commences", len(list.Members))
	}

	for _, member := range list.Members {
		if member.Name == "" {
			return fmt.Errorf("etcd member %016x is not started, all members must be running to perform an upgrade", member.ID)
		}

		if err := boot.memberAnswers(ctx, member.ClientURLs); err != nil {
			return fmt.Errorf("etcd member %016x is not healthy; all members must be healthy to perform an upgrade: %w", member.ID, err)
		}
	}

	return nil
}

// memberAnswers reads through one member, which needs the quorum behind it.
func (boot *Boot) memberAnswers(ctx context.Context, urls []string) error {
	ctx, cancel := context.WithTimeout(ctx, etcdHealthTimeout)
	defer cancel()

	addresses := []netip.Addr(nil)

	for _, text := range urls {
		parsed, err := url.Parse(text)
		if err != nil {
			return err
		}

		address, err := netip.ParseAddr(parsed.Hostname())
		if err != nil {
			return err
		}

		if boot.Machine.reaches(address) {
			addresses = append(addresses, address)
		}
	}

	if len(addresses) == 0 {
		<-ctx.Done()

		return ctx.Err()
	}

	client, err := etcd.ClientTo(ctx, boot.Config(), addresses...)
	if err != nil {
		return fmt.Errorf("failed to create client to member: %w", err)
	}
	defer client.Close() //nolint:errcheck

	_, err = client.Get(ctx, "health")
	if errors.Is(err, rpctypes.ErrPermissionDenied) {
		return nil
	}

	return err
}
