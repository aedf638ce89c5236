package etcd_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"talos-cluster/lab/internal/etcd"
)

func clientTo(test *testing.T, to *controller) *clientv3.Client {
	test.Helper()

	client, err := etcd.ClientTo(test.Context(), to.node.Config, to.address)
	must(test, err)
	test.Cleanup(func() { client.Close() }) //nolint:errcheck

	return client
}

func eventually(test *testing.T, what string, holds func() bool) {
	test.Helper()

	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			test.Fatalf("not in 20 s: %s", what)
		}
	}
}

func TestOperations(test *testing.T) {
	ctx := test.Context()
	held := &atomic.Bool{}
	held.Store(true)

	controllers := newControllers(test, func(name string, options *etcd.Options) {
		if name == "controller-2" {
			options.PromotionHeld = held.Load
		}
	})
	first, second := controllers[0], controllers[1]

	must(test, first.Bootstrap(ctx, first.node))
	eventuallyHealthy(test, first)

	firstID, err := first.ID(ctx)
	must(test, err)

	if _, err := first.Forfeit(ctx, firstID); err == nil || err.Error() != "cannot forfeit leadership, only one member" {
		test.Fatalf("forfeit of the only member: %v", err)
	}

	if err := etcd.Leave(ctx, clientTo(test, first), firstID); !errors.Is(err, rpctypes.ErrMemberNotEnoughStarted) {
		test.Fatalf("the last voting member left: %v", err)
	}

	must(test, second.Join(ctx, second.node, others(controllers, 1)))

	if names := votingNames(test, first); !slices.Equal(names, []string{"controller-1"}) {
		test.Fatalf("voting members while the learner is held: %v", names)
	}

	held.Store(false)
	eventuallyHealthy(test, second)

	if next, err := first.Forfeit(ctx, firstID); err != nil || next != "controller-2" {
		test.Fatalf("forfeit: %q %v", next, err)
	}

	if next, err := first.Forfeit(ctx, firstID); err != nil || next != "" {
		test.Fatalf("forfeit of a member that does not lead: %q %v", next, err)
	}

	if _, err := first.Defragment(ctx); err != nil {
		test.Fatal(err)
	}

	if err := etcd.Remove(ctx, clientTo(test, first), 1); !errors.Is(err, rpctypes.ErrMemberNotFound) {
		test.Fatalf("removing nobody: %v", err)
	}

	secondID, err := second.ID(ctx)
	must(test, err)
	must(test, etcd.Leave(ctx, clientTo(test, first), secondID))
	must(test, second.Wipe(ctx))
	eventuallyHealthy(test, first)
	must(test, etcd.Leave(ctx, clientTo(test, first), secondID)) // gone already

	if names := votingNames(test, first); !slices.Equal(names, []string{"controller-1"}) {
		test.Fatalf("voting members after one left: %v", names)
	}

	crashes(test, first)
}

func crashes(test *testing.T, member *controller) {
	test.Helper()

	before := member.PID()
	member.Crash()
	eventually(test, "the program was started again", func() bool { return member.PID() != 0 && member.PID() != before })
	eventuallyHealthy(test, member)
}

func TestRecovery(test *testing.T) {
	ctx := test.Context()
	controllers := newControllers(test)
	first, second := controllers[0], controllers[1]

	must(test, first.Bootstrap(ctx, first.node))
	eventuallyHealthy(test, first)

	_, err := clientTo(test, first).Put(ctx, "kept", "yes")
	must(test, err)

	var snapshot bytes.Buffer

	must(test, first.Snapshot(ctx, &snapshot))
	must(test, first.Wipe(ctx))
	must(test, os.MkdirAll(second.directory, 0o700))

	if err := second.Recover(ctx, second.node, false); err == nil || !strings.HasPrefix(err.Error(), "error verifying snapshot: ") {
		test.Fatalf("recovery without a snapshot: %v", err)
	}

	// Etcd's digest is at the end: a snapshot without it is a copied database.
	cut := bytes.NewReader(snapshot.Bytes()[:snapshot.Len()-32])
	must(test, second.Upload(cut))

	if err := second.Recover(ctx, second.node, false); err == nil || !strings.Contains(err.Error(), "missing hash") {
		test.Fatalf("recovery from a snapshot without digest: %v", err)
	}

	must(test, os.RemoveAll(filepath.Join(second.directory, "etcd", "data")))
	must(test, second.Upload(bytes.NewReader(snapshot.Bytes())))
	must(test, second.Recover(ctx, second.node, false))
	must(test, second.Start(ctx, second.node))
	eventuallyHealthy(test, second)

	if names := votingNames(test, second); !slices.Equal(names, []string{"controller-2"}) {
		test.Fatalf("members after the recovery: %v", names)
	}

	answer, err := clientTo(test, second).Get(ctx, "kept")
	must(test, err)

	if len(answer.Kvs) != 1 || string(answer.Kvs[0].Value) != "yes" {
		test.Fatalf("contents after the recovery: %v", answer.Kvs)
	}

	if _, err := os.Stat(filepath.Join(second.directory, "etcd.snapshot")); !errors.Is(err, os.ErrNotExist) {
		test.Fatalf("the snapshot is left: %v", err)
	}
}
