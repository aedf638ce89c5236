package machine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"talos-cluster/lab/internal/apid"
	"talos-cluster/lab/internal/disk"
	"talos-cluster/lab/internal/events"
	"talos-cluster/lab/internal/journal"
	"talos-cluster/lab/internal/profile"
	"talos-cluster/lab/internal/resources"
	"talos-cluster/lab/internal/services"
)

// Boot is one run of the operating system, from power on to the next reboot.
type Boot struct {
	Machine   *Machine
	ID        string
	Started   time.Time
	Profile   profile.Profile
	Events    *events.Stream
	Journal   *journal.Journal
	Services  *services.Manager
	Resources *resources.Store

	ctx       context.Context //nolint:containedctx // the lifetime of the boot itself
	cancel    context.CancelFunc
	ended     chan ending
	local     *apid.Local
	machined  *grpc.Server
	streams   context.Context //nolint:containedctx // ends when services are stopped for a reboot
	endStream context.CancelFunc

	sequencer sequencer

	configMu   sync.Mutex
	active     config.Provider
	persistent config.Provider
	complete   bool
	completed  chan struct{}
	rollback   *time.Timer

	accessMu      sync.Mutex
	access        access
	accessChanged chan struct{}

	bootstrapMu sync.Mutex
	installing  atomic.Bool // LifecycleService installs
	images      imageStore
	refreshMu   sync.Mutex // guards the next five too

	announcedName      string
	announcedAddresses int
	kubeletVersion     string
	etcdServing        bool
	confirmed          bool

	factsMu sync.Mutex
	stages  stages
	mounted bool
	nodeID  string
	slot    *disk.Slot // what of the disk runs, nil when the boot medium does
	dirty   chan struct{}

	links      links
	lastStatus atomic.Pointer[statusKey]
	kubernetes kubernetesState
	processes  atomic.Int32
}

// processID returns the next process id of this boot.
func (boot *Boot) processID() int32 { return firstProcessID + boot.processes.Add(1) }

const firstProcessID = 1500

// ending says why a boot is over.
type ending int

const (
	endReboot ending = iota
	endPowerOff
)

// StreamsContext ends when the machine stops its services: open streams end then.
func (boot *Boot) StreamsContext() context.Context { return boot.streams }

// newBoot starts nothing; run does.
func newBoot(ctx context.Context, machine *Machine, behaviour profile.Profile) (*Boot, error) {
	ctx, cancel := context.WithCancel(ctx)

	store, err := resources.NewStore(ctx)
	if err != nil {
		cancel()

		return nil, err
	}

	local, err := apid.NewLocal()
	if err != nil {
		cancel()

		return nil, err
	}

	boot := &Boot{
		Machine: machine, ID: uuid.NewString(), Started: time.Now(), Profile: behaviour,
		Events: events.NewStream(), Journal: journal.New(), Services: services.NewManager(), Resources: store,
		ctx: ctx, cancel: cancel, ended: make(chan ending, 1), local: local,
		completed:     make(chan struct{}),
		accessChanged: make(chan struct{}),
		dirty:         make(chan struct{}, 1),
		nodeID:        machine.nodeID(),
		slot:          machine.slot(),
	}

	boot.streams, boot.endStream = context.WithCancel(ctx)
	boot.sequencer.publish = boot.Events.Publish
	boot.sequencer.log = boot.Journal.Talos
	boot.Services.Publish = boot.Events.Publish
	boot.Services.Log = boot.Journal.Talos
	boot.Services.Changed = boot.notify
	boot.Services.Started = func(id string) { boot.Journal.Service(id) }
	boot.Events.Observe(boot.observe)

	if err := boot.initKubernetes(); err != nil {
		cancel()

		return nil, err
	}

	return boot, nil
}

// observe follows the stage. The status that comes of it is published a moment later, as Talos's controller does.
func (boot *Boot) observe(payload proto.Message) {
	boot.factsMu.Lock()
	before := boot.stages.current
	after := boot.stages.observe(payload)
	boot.factsMu.Unlock()

	if before != after {
		boot.notify()
	}
}

// Stage returns the present stage.
func (boot *Boot) Stage() runtime.MachineStage {
	boot.factsMu.Lock()
	defer boot.factsMu.Unlock()

	return boot.stages.current
}

// run boots the machine and returns when it reboots or is switched off.
func (boot *Boot) run() ending {
	defer boot.close()

	boot.Journal.KernelMessage("Linux version 6.18.22-talos (@buildkitsandbox) #1 SMP")
	boot.Journal.KernelMessage("Command line: %s", resources.KernelCommandLine)
	boot.Journal.Talos("[initramfs] booting Talos %s", boot.Profile.Tag)

	for _, id := range []string{"controller-runtime", "dns-resolve-cache", "early-startup"} {
		boot.Journal.Service(id).Printf("%s: starting", id)
	}

	boot.serveMachined()
	boot.refresh()

	go boot.refreshLoop()
	go boot.blockDrain()
	go boot.sequences()

	select {
	case <-boot.ctx.Done():
		return endPowerOff
	case reason := <-boot.ended:
		return reason
	}
}

// sequences runs what machined runs at start: initialize, install, boot.
func (boot *Boot) sequences() {
	for _, step := range []func(context.Context) error{boot.initialize, boot.install, boot.boot} {
		if err := step(boot.ctx); err != nil {
			boot.sequenceFailed(err)

			return
		}
	}
}

func (boot *Boot) serveMachined() {
	boot.machined = grpc.NewServer(append(apid.Interceptors(), grpc.MaxRecvMsgSize(maxMessageBytes))...)
	boot.Machine.options.API.Register(boot.machined, boot)

	go boot.machined.Serve(boot.local.Listener()) //nolint:errcheck
}

// close ends everything of this boot; nothing is shut down in order, as when power goes.
func (boot *Boot) close() {
	boot.cancel()
	boot.CancelRollback()
	boot.Services.Stop(boot.Services.IDs()...)
	boot.closeKubernetes()
	boot.machined.Stop()
	boot.local.Close() //nolint:errcheck
}

const maxMessageBytes = 32 << 20
