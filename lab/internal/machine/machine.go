// Package machine is an emulated Talos machine: power, disk, boots, sequences and what runs on it.
package machine

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"net/netip"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"google.golang.org/grpc"

	"talos-cluster/lab/internal/disk"
	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/profile"
	"talos-cluster/lab/internal/resources"
)

// Timing says how long an emulated machine takes for what a real one takes minutes for.
type Timing struct {
	Install      time.Duration
	Reboot       time.Duration
	ServiceStart time.Duration
	// APIRestart is the gap between the acknowledged first apply and the API's answer over mTLS.
	APIRestart time.Duration
	// StaticPods is how long a controller takes from a healthy etcd to its static pods.
	StaticPods time.Duration
	// StaticPodChange is how long changed static pods go on as they were.
	StaticPodChange time.Duration
	// FailurePause is how long a machine waits before it restarts after a failed sequence.
	FailurePause time.Duration
}

// API registers the gRPC services of a boot; the machine serves them.
type API interface {
	// Register adds what machined serves.
	Register(grpc.ServiceRegistrar, *Boot)
	// RegisterMaintenance adds what the maintenance server of Talos 1.12 serves.
	RegisterMaintenance(grpc.ServiceRegistrar, *Boot)
}

// Observer is told what happens to machines.
type Observer interface {
	// Booted is called at the start of every boot.
	Booted(*Machine)
	// StatusChanged is called when a machine's stage or readiness changed, or its power did.
	StatusChanged(*Machine)
	// Applied is called for every configuration that was accepted.
	Applied(*Machine, Apply)
	// Bootstrapped is called when a machine began a new etcd cluster.
	Bootstrapped(*Machine)
	// Upgraded is called when an upgrade wrote another system to a machine's disk.
	Upgraded(*Machine, Upgrade)
	// WasReset is called when a machine's reset has emptied its disk, or part of it.
	WasReset(*Machine)
	// MembersChanged is called when the etcd cluster that a machine belongs to, or asks, got or lost a member.
	MembersChanged(*Machine, MembersChange)
	// SecretsReceived is called when a config that holds secrets came over an unverified connection, taken or not.
	SecretsReceived(*Machine)
}

// Apply is one accepted configuration.
type Apply struct {
	Mode         string
	ResolvedMode string
	Insecure     bool
	Rebooted     bool
}

// Programs are the real programs a machine runs.
type Programs struct {
	Etcd      string
	APIServer string
}

// Options describe a machine.
type Options struct {
	Address     netip.Addr
	Directory   string
	BootVersion profile.Profile
	Timing      Timing
	Programs    Programs
	// RequireCNI keeps Nodes NotReady while their config has no CNI, as on real machines where nobody installed one.
	RequireCNI bool
	API        API
	Observer   Observer
	// Log receives what the lab itself has to say.
	Log io.Writer
}

// Power is the state of the power button.
type Power string

// The states of power. A hanging machine accepts connections and answers nothing.
const (
	PowerOn   Power = "on"
	PowerOff  Power = "off"
	PowerHang Power = "hang"
)

// Machine is one emulated machine.
type Machine struct {
	Disk *disk.Disk
	// Faults is what goes wrong with the machine; whoever emulates a part of it looks there.
	Faults fault.Set

	options  Options
	hardware resources.Hardware
	peers    *Peers

	powerMu sync.Mutex // serializes power changes
	mu      sync.Mutex
	power   Power
	image   resources.Image
	boot    *Boot
	boots   int
	off     context.CancelFunc
	stopped chan struct{}

	shelved resources.Image // the machine's own, while a stranger stands in its place

	faultWatchers faultWatchers
	blocked       atomic.Bool // a pod that blocks drains was placed
	clock         clock
}

// New returns a machine that is switched off.
func New(options Options) (*Machine, error) {
	disk, err := disk.Open(filepath.Join(options.Directory, ownDirectory))
	if err != nil {
		return nil, err
	}

	return &Machine{
		Disk:     disk,
		options:  options,
		power:    PowerOff,
		peers:    &Peers{},
		hardware: hardwareAt(options.Address),
	}, nil
}

func hardwareAt(address netip.Addr) resources.Hardware {
	last := address.As4()

	return resources.Hardware{
		Address:      address,
		HardwareAddr: [6]byte{0x52, 0x54, last[0], last[1], last[2], last[3]},
		Serial:       fmt.Sprintf("LAB%03d%03d%03d", last[1], last[2], last[3]),
		UUID:         uuid.NewSHA1(uuid.NameSpaceDNS, []byte("talos-cluster.lab/"+address.String())).String(),
		MemoryMiB:    4096,
		DiskBytes:    40 << 30,
	}
}

// Address returns the machine's address.
func (machine *Machine) Address() netip.Addr { return machine.hardware.Address }

// SetInstallTime changes how long the next installation takes.
func (machine *Machine) SetInstallTime(duration time.Duration) {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	machine.options.Timing.Install = duration
}

func (machine *Machine) installTime() time.Duration {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.options.Timing.Install
}

// Hardware returns what does not change between boots.
func (machine *Machine) Hardware() resources.Hardware {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.hardware
}

// Peers returns the machines around this one.
func (machine *Machine) Peers() *Peers { return machine.peers }

// Boot returns the present boot, nil while the machine is off or between two boots.
func (machine *Machine) Boot() *Boot {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.boot
}

// Boots returns how often the machine booted.
func (machine *Machine) Boots() int {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.boots
}

// Power returns the state of the power button.
func (machine *Machine) Power() Power {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.power
}

// Config returns the config the machine runs or would boot with, nil when it has none.
func (machine *Machine) Config() config.Provider {
	if boot := machine.Boot(); boot != nil {
		return boot.Config()
	}

	data := machine.Disk.Config()
	if data == nil {
		return nil
	}

	provider, err := machine.system().Decode(data)
	if err != nil {
		return nil
	}

	return provider
}

// Hostname returns the name the machine has or would give itself.
func (machine *Machine) Hostname() string {
	if boot := machine.Boot(); boot != nil {
		return boot.Hostname()
	}

	return resources.Hostname(machine.Config(), machine.Disk.Identity(), machine.hardware.Address)
}

// system is the behaviour of what the machine would boot now: the disk when Talos is installed, else the boot medium.
func (machine *Machine) system() profile.Profile {
	if installed := machine.Disk.System(); installed != nil {
		if behaviour, err := profile.Parse(installed.Version); err == nil {
			return behaviour
		}
	}

	return machine.bootMedium()
}

// nodeID returns the identity kept on disk, or one for this boot only.
func (machine *Machine) nodeID() string {
	if kept := machine.Disk.Identity(); kept != "" {
		return kept
	}

	random := make([]byte, 32)
	rand.Read(random) //nolint:errcheck // never fails

	return new(big.Int).SetBytes(random).Text(62)
}
