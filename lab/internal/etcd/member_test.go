package etcd_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"talos-cluster/lab/internal/etcd"
)

func TestClusterLife(test *testing.T) {
	ctx := test.Context()
	controllers := newControllers(test)
	first, second, third := controllers[0], controllers[1], controllers[2]

	if err := first.Start(ctx, first.node); !errors.Is(err, etcd.ErrNoData) {
		test.Fatalf("start without data: %v", err)
	}

	// All three wait to join before there is a cluster, as real controllers do.
	joined := make(chan error, len(controllers))
	for index, member := range controllers {
		go func() { joined <- member.Join(ctx, member.node, others(controllers, index)) }()
	}

	must(test, first.Bootstrap(ctx, first.node))

	if err := first.Bootstrap(ctx, first.node); !errors.Is(err, etcd.ErrDataDirectoryNotEmpty) {
		test.Fatalf("second bootstrap: %v", err)
	}

	for range controllers {
		if err := <-joined; err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, etcd.ErrDataDirectoryNotEmpty) {
			test.Fatal(err)
		}
	}

	eventuallyHealthy(test, controllers...)

	if names := votingNames(test, second); !slices.Equal(names, []string{"controller-1", "controller-2", "controller-3"}) {
		test.Fatalf("voting members: %v", names)
	}

	id, err := first.ID(ctx)
	must(test, err)

	status, err := first.Status(ctx)
	must(test, err)

	if status.Header.MemberId != id || status.IsLearner {
		test.Fatalf("status of member %x: %v", id, status)
	}

	quorumHolds(test, first, second, third)
	returnsAfterWipe(test, controllers)
}

func quorumHolds(test *testing.T, first, second, third *controller) {
	test.Helper()

	ctx := test.Context()

	must(test, third.Stop(ctx))

	if third.Running() || !third.HasData() {
		test.Fatal("a stopped member must keep its data and nothing else")
	}

	eventuallyHealthy(test, first, second)
	must(test, second.Kill(ctx))

	attempt, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()

	if err := first.Healthy(attempt); err == nil {
		test.Fatal("one of three members must not be healthy")
	}

	must(test, second.Start(ctx, second.node))
	must(test, third.Start(ctx, third.node))
	must(test, third.Start(ctx, third.node)) // a second time: no second program
	eventuallyHealthy(test, first, second, third)
}

// returnsAfterWipe shows that a wiped machine of the same name takes the place of its dead member.
func returnsAfterWipe(test *testing.T, controllers []*controller) {
	test.Helper()

	first, second := controllers[0], controllers[1]
	before, err := second.ID(test.Context())
	must(test, err)
	must(test, second.Wipe(test.Context()))

	if second.HasData() {
		test.Fatal("a wiped member must have no data")
	}

	must(test, second.Join(test.Context(), second.node, others(controllers, 1)))
	eventuallyHealthy(test, second)

	after, err := second.ID(test.Context())
	must(test, err)

	if names := votingNames(test, first); len(names) != 3 || before == after {
		test.Fatalf("voting members after a wipe: %v, ids %x and %x", names, before, after)
	}
}

func TestJoinEndsWithItsContext(test *testing.T) {
	controllers := newControllers(test)
	ctx, cancel := context.WithTimeout(test.Context(), 300*time.Millisecond)
	defer cancel()

	err := controllers[0].Join(ctx, controllers[0].node, others(controllers, 0))
	if !errors.Is(err, context.DeadlineExceeded) {
		test.Fatalf("join without a cluster: %v", err)
	}

	if controllers[0].Running() || controllers[0].HasData() {
		test.Fatal("nothing must be left of a join that never happened")
	}
}
