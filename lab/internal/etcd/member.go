// Package etcd runs a real etcd member for an emulated controller: its
// certificates, its data, its way into the cluster and its health, as Talos does it.
package etcd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sync"

	"github.com/siderolabs/talos/pkg/machinery/config"

	"talos-cluster/lab/internal/process"
)

var (
	// ErrDataDirectoryNotEmpty refuses a bootstrap where a member has lived: its text is Talos's.
	ErrDataDirectoryNotEmpty = errors.New("etcd data directory is not empty")
	// ErrNoData refuses to start a member that has neither been bootstrapped nor joined.
	ErrNoData = errors.New("etcd data directory is empty: the member must be bootstrapped or join first")
	// ErrNotRunning answers questions to a member whose program does not run.
	ErrNotRunning = errors.New("etcd is not running")
)

// Options are what stays the same over a machine's life.
type Options struct {
	// Binary is the etcd program.
	Binary string
	// Directory is the machine's; the member keeps to its etcd/ subdirectory.
	Directory string
	// Address is the machine's: the member listens on its ports 2379 and 2380.
	Address netip.Addr
	// Log gets the program's output, and lines of ours; nil drops them. Several goroutines write to it.
	Log io.Writer
	// PromotionHeld tells whether the member must stay the learner it is for now; nil is never.
	PromotionHeld func() bool
	// Admits tells whether a connection may pass to the peer port; nil lets everybody, without a relay before it.
	Admits func(from, to netip.AddrPort) bool
	// Changed is told when the member was added to its cluster, promoted, or was removed from it as what the machine was
	// before; nil drops it.
	Changed func(Change)
}

// Node is what a member takes from the machine it runs on.
type Node struct {
	// Hostname is the member's name.
	Hostname string
	// Config is the active machine configuration.
	Config config.Provider
}

// Member is one controller's etcd.
type Member struct {
	options Options

	// turn lets one of Bootstrap, Join, Start, Stop, Kill and Wipe work at a time.
	turn chan struct{}

	mutex      sync.Mutex
	program    *process.Process
	endJoin    context.CancelFunc
	promotion  sync.WaitGroup
	endPromote context.CancelFunc
	relay      *peerRelay
}

// New makes the member of one machine; nothing runs yet.
func New(options Options) *Member {
	member := &Member{options: options, turn: make(chan struct{}, 1)}
	if options.Admits != nil {
		member.relay = newPeerRelay(options.Address, options.Admits)
	}

	return member
}

func (member *Member) dataDirectory() string {
	return filepath.Join(member.options.Directory, "etcd", "data")
}

func (member *Member) pki() pki {
	return pki{directory: filepath.Join(member.options.Directory, "etcd", "pki")}
}

// HasData says whether the member has been bootstrapped or has joined: on a reboot, Start.
func (member *Member) HasData() bool {
	entries, err := os.ReadDir(member.dataDirectory())

	return err == nil && len(entries) > 0
}

// Running says whether the etcd program runs.
func (member *Member) Running() bool {
	member.mutex.Lock()
	defer member.mutex.Unlock()

	return member.program != nil
}

// Bootstrap starts a new cluster with this member alone and returns when the program runs.
// It ends a Join that is still waiting. ErrDataDirectoryNotEmpty says that there is data.
func (member *Member) Bootstrap(ctx context.Context, node Node) error {
	member.cancelJoin()

	return member.exclusively(ctx, func() error {
		if member.Running() || member.HasData() {
			return ErrDataDirectoryNotEmpty
		}

		return member.run(node, "--initial-cluster-state=new", "--initial-cluster="+member.peer(node.Hostname))
	})
}

// Start runs a member that has data, as after a reboot; nil when it runs already.
func (member *Member) Start(ctx context.Context, node Node) error {
	return member.exclusively(ctx, func() error {
		if member.Running() {
			return nil
		}

		if !member.HasData() {
			return ErrNoData
		}

		return member.run(node, "--initial-cluster-state=existing")
	})
}

// Stop ends the program in good order, so that a leader hands over first; data is kept.
func (member *Member) Stop(ctx context.Context) error {
	return member.end(ctx, (*process.Process).Stop)
}

// Kill ends the program as a power cut does; data is kept.
func (member *Member) Kill(ctx context.Context) error {
	return member.end(ctx, (*process.Process).Kill)
}

// Wipe ends the program and empties its part of the disk.
func (member *Member) Wipe(ctx context.Context) error {
	if err := member.Kill(ctx); err != nil {
		return err
	}

	return member.exclusively(ctx, func() error {
		return os.RemoveAll(filepath.Join(member.options.Directory, "etcd"))
	})
}

// Crash kills the program as it is, and lets it be started again as always.
func (member *Member) Crash() {
	member.mutex.Lock()
	program := member.program
	member.mutex.Unlock()

	if program != nil {
		program.Crash()
	}
}

// PID is the id of the running program, 0 while there is none.
func (member *Member) PID() int {
	member.mutex.Lock()
	defer member.mutex.Unlock()

	if member.program == nil {
		return 0
	}

	return member.program.PID()
}

func (member *Member) end(ctx context.Context, how func(*process.Process)) error {
	member.cancelJoin()

	return member.exclusively(ctx, func() error {
		member.mutex.Lock()
		program, endPromote := member.program, member.endPromote
		member.program, member.endPromote = nil, nil
		member.mutex.Unlock()

		if endPromote != nil {
			endPromote()
			member.promotion.Wait()
		}

		if program != nil {
			how(program)
		}

		if member.relay != nil {
			member.relay.stop()
		}

		return nil
	})
}

// exclusively waits for its turn, or for the end of ctx.
func (member *Member) exclusively(ctx context.Context, work func() error) error {
	select {
	case member.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}

	defer func() { <-member.turn }()

	return work()
}

func (member *Member) cancelJoin() {
	member.mutex.Lock()
	defer member.mutex.Unlock()

	if member.endJoin != nil {
		member.endJoin()
	}
}

// run starts the program; the caller has the turn.
func (member *Member) run(node Node, arguments ...string) error {
	if err := member.pki().write(node, member.options.Address); err != nil {
		return err
	}

	if err := os.MkdirAll(member.dataDirectory(), 0o700); err != nil {
		return err
	}

	if member.relay != nil {
		if err := member.relay.start(); err != nil {
			return err
		}
	}

	program, err := process.Start(process.Options{
		Path:        member.options.Binary,
		Arguments:   append(member.arguments(node), arguments...),
		Environment: environment,
		Directory:   member.options.Directory,
		Log:         member.options.Log,
	})
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}

	member.mutex.Lock()
	member.program = program
	member.mutex.Unlock()

	return nil
}
