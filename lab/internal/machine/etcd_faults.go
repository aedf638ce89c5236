package machine

import (
	"context"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/pause"
)

// etcdPoll is how soon is seen that etcd's program ended, or was started again.
const etcdPoll = 100 * time.Millisecond

// etcdEnded is what Talos says of an etcd that ended by itself: a killed one, or one whose member was removed.
const etcdEnded = `Error running Containerd(etcd), going to restart forever: task "etcd" failed`

// superviseEtcd lets the service show how etcd's program fares, and acts upon the faults that end it, until ctx ends.
func (boot *Boot) superviseEtcd(ctx context.Context) {
	member := boot.kubernetes.etcd
	known := member.PID()

	stop := boot.Machine.OnFault(func(name fault.Name) {
		if name == fault.MemberKilled && boot.Machine.Faults.Has(name) {
			member.Crash()
		}
	})
	defer stop()

	for pause.For(ctx, etcdPoll) == nil {
		if boot.Machine.Faults.Has(fault.EtcdDown) {
			boot.keepEtcdDown(ctx)

			known = member.PID()
		}

		running := member.PID()
		if running == known || ctx.Err() != nil {
			continue
		}

		if known != 0 {
			boot.Services.Record("etcd", machine.ServiceStateEvent_WAITING, etcdEnded)
		}

		if running != 0 {
			boot.Services.Record("etcd", machine.ServiceStateEvent_RUNNING, boot.startedTask("etcd"))
		}

		known = running
	}
}

func (boot *Boot) keepEtcdDown(ctx context.Context) {
	member := boot.kubernetes.etcd

	if err := member.Kill(context.WithoutCancel(ctx)); err != nil {
		boot.Journal.Service("etcd").Printf("%s", err)
	}

	boot.Services.Record("etcd", machine.ServiceStateEvent_WAITING, etcdEnded)

	if boot.awaitLifted(ctx, fault.EtcdDown) != nil {
		return
	}

	if err := member.Start(ctx, boot.etcdNode()); err != nil {
		boot.Journal.Service("etcd").Printf("%s", err)

		return
	}

	boot.Services.Record("etcd", machine.ServiceStateEvent_RUNNING, boot.startedTask("etcd"))
}

// awaitLifted waits while a fault is set.
func (boot *Boot) awaitLifted(ctx context.Context, name fault.Name) error {
	changed := make(chan struct{}, 1)

	stop := boot.Machine.OnFault(func(fault.Name) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer stop()

	for boot.Machine.Faults.Has(name) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}

	return ctx.Err()
}

// loseEtcdData empties the data directory of a machine that lost its data. It is not etcd's end: as on Talos the member
// is replaced by a new one of the same name, as long as the others are a quorum.
func (boot *Boot) loseEtcdData(ctx context.Context) error {
	if !boot.Machine.Faults.Has(fault.DataLost) || !boot.kubernetes.etcd.HasData() {
		return nil
	}

	boot.Journal.Service("etcd").Printf("the data directory was emptied by a fault")

	return boot.kubernetes.etcd.Wipe(ctx)
}
