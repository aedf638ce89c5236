package machine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"

	clientv3 "go.etcd.io/etcd/client/v3"

	"talos-cluster/lab/internal/etcd"
	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/resources"
	"talos-cluster/lab/internal/services"
)

// Both are shorter than Talos's 20 s and 15 s, so that an emulated cluster shows soon that it lost its quorum.
const (
	etcdHealthPeriod  = 2 * time.Second
	etcdHealthTimeout = 5 * time.Second
)

// ErrDataDirectoryNotEmpty is why a machine is not bootstrapped twice.
var ErrDataDirectoryNotEmpty = etcd.ErrDataDirectoryNotEmpty

// EtcdBeginning says how a member without data begins.
type EtcdBeginning struct {
	// Bootstrap begins a new cluster; otherwise the member joins the cluster around it.
	Bootstrap bool
	// Recover makes the new cluster out of the snapshot that was uploaded.
	Recover       bool
	SkipHashCheck bool
}

// etcdService runs the machine's etcd member: an existing one, a new cluster, or a new member of the cluster around it.
func (boot *Boot) etcdService(beginning EtcdBeginning) services.Definition {
	return services.Definition{
		ID:        "etcd",
		DependsOn: []string{"cri"},
		Condition: func() conditions.Condition {
			return conditions.WaitForAll(timeSync{boot}, met("network"), met("etcd spec"))
		},
		Prepare:      func(ctx context.Context) error { return boot.prepareEtcd(ctx, beginning) },
		Stopping:     "Sending SIGTERM to task etcd",
		Run:          boot.runEtcd,
		Health:       boot.checkEtcd,
		HealthPeriod: etcdHealthPeriod,
	}
}

// etcdLog takes what etcd writes, and what is said about joining before there is an etcd: that is machined's to say.
type etcdLog struct{ boot *Boot }

// Write implements io.Writer.
func (log etcdLog) Write(data []byte) (int, error) {
	id := "machined"
	if log.boot.kubernetes.etcd.Running() {
		id = "etcd"
	}

	return log.boot.Journal.Service(id).Write(data)
}

func (boot *Boot) etcdNode() etcd.Node {
	return etcd.Node{Hostname: resources.Nodename(resources.Facts{Config: boot.Config(), Hostname: boot.Hostname()}), Config: boot.Config()}
}

func (boot *Boot) prepareEtcd(ctx context.Context, beginning EtcdBeginning) error {
	member := boot.kubernetes.etcd

	if err := boot.awaitLifted(ctx, fault.EtcdDown); err != nil {
		return err
	}

	if err := boot.loseEtcdData(ctx); err != nil {
		return err
	}

	if beginning.Recover {
		if err := member.Recover(ctx, boot.etcdNode(), beginning.SkipHashCheck); err != nil {
			return err
		}
	}

	switch {
	case member.HasData():
		return member.Start(ctx, boot.etcdNode())
	case beginning.Bootstrap:
		return member.Bootstrap(ctx, boot.etcdNode())
	default:
		err := member.Join(ctx, boot.etcdNode(), func() []netip.Addr {
			return boot.Machine.peers.controllers(boot.Config(), boot.Machine.Address())
		})
		if err != nil {
			return fmt.Errorf("failed to build initial etcd cluster: %w", err)
		}

		return nil
	}
}

func (boot *Boot) runEtcd(ctx context.Context, running func(string)) error {
	running(boot.startedTask("etcd"))
	boot.superviseEtcd(ctx)

	// A machine that loses power gives etcd no time to hand over its leadership.
	end := boot.kubernetes.etcd.Stop
	if boot.ctx.Err() != nil {
		end = boot.kubernetes.etcd.Kill
	}

	return end(context.WithoutCancel(ctx))
}

func (boot *Boot) checkEtcd(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, etcdHealthTimeout)
	defer cancel()

	if err := boot.kubernetes.etcd.Healthy(ctx); err != nil {
		return err
	}

	boot.etcdHealthy(ctx)

	return nil
}

// Etcd returns the machine's etcd member.
func (boot *Boot) Etcd() *etcd.Member { return boot.kubernetes.etcd }

// EtcdMembers asks the cluster for its members through this machine's member, or through another controller's while this
// one has none: Talos asks all controllers it knows.
func (boot *Boot) EtcdMembers(ctx context.Context) (*clientv3.MemberListResponse, error) {
	// Without a leader there is no answer to wait for: etcd says so at once.
	ctx = clientv3.WithRequireLeader(ctx)

	if boot.kubernetes.etcd.Running() {
		return boot.kubernetes.etcd.Members(ctx)
	}

	client, err := etcd.ClientTo(ctx, boot.Config(), boot.otherMembers()...)
	if err != nil {
		return nil, err
	}
	defer client.Close() //nolint:errcheck

	return client.MemberList(ctx)
}

// EtcdReachable tells whether there is any member to ask.
func (boot *Boot) EtcdReachable() bool {
	return boot.kubernetes.etcd.Running() || len(boot.otherMembers()) > 0
}

// otherMembers are the other controllers that run an etcd member now.
func (boot *Boot) otherMembers() []netip.Addr {
	return boot.Machine.peers.membersRunning(boot.Config(), boot.Machine.Address())
}

// EtcdDataDirectory is where the machine's /var/lib/etcd really is.
func (boot *Boot) EtcdDataDirectory() string {
	return filepath.Join(boot.Machine.Disk.Ephemeral(), "etcd", "data")
}

// HasEtcdVolume tells whether /var/lib/etcd exists: on controllers, once the EPHEMERAL partition is mounted.
func (boot *Boot) HasEtcdVolume() bool {
	boot.factsMu.Lock()
	mounted := boot.mounted
	boot.factsMu.Unlock()

	return mounted && boot.Config().Machine().Type().IsControlPlane()
}

// BootstrapAllowed tells whether the machine is far enough to be bootstrapped.
func (boot *Boot) BootstrapAllowed() bool { return boot.Services.IsUp("cri") }

// BootstrapEtcd replaces the etcd service that waits to join by one that begins a new cluster.
func (boot *Boot) BootstrapEtcd(beginning EtcdBeginning) error {
	boot.bootstrapMu.Lock()
	defer boot.bootstrapMu.Unlock()

	boot.Services.Stop("etcd")
	boot.Services.Record("etcd", machine.ServiceStateEvent_FINISHED, "Bootstrap requested")

	if boot.kubernetes.etcd.HasData() {
		return errors.New(ErrDataDirectoryNotEmpty.Error())
	}

	// The boot sequence waits for the service of before; give it the moment to see that it is finished.
	time.Sleep(unloadPause)

	boot.Services.Unload("etcd")
	boot.Services.LoadAndStart(boot.ctx, boot.etcdService(beginning))
	boot.Machine.options.Observer.Bootstrapped(boot.Machine)

	return nil
}

const unloadPause = 50 * time.Millisecond
