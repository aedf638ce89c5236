// Package record keeps what happened to a lab's machines, and whether what must never happen ever did.
package record

import (
	"net/netip"
	"sync"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
)

// Apply is one configuration a machine accepted.
type Apply struct {
	At           time.Time `json:"at"`
	Mode         string    `json:"mode"`
	ResolvedMode string    `json:"resolvedMode"`
	DryRun       bool      `json:"dryRun"`
	Insecure     bool      `json:"insecure"`
	Rebooted     bool      `json:"rebooted"`
}

// Machine is what is reported of one machine.
type Machine struct {
	Address           string  `json:"address"`
	Name              string  `json:"name"`
	Role              string  `json:"role"`
	Power             string  `json:"power"`
	Stage             string  `json:"stage"`
	Ready             bool    `json:"ready"`
	TalosVersion      string  `json:"talosVersion"`
	KubernetesVersion string  `json:"kubernetesVersion"`
	BootID            string  `json:"bootId"`
	Boots             int     `json:"boots"`
	Applies           []Apply `json:"applies"`
	Bootstraps        int     `json:"bootstraps"`
}

// Invariants are figures over the whole life of the lab.
type Invariants struct {
	MaxControllersOut              int  `json:"maxControllersOut"`
	QuorumLost                     bool `json:"quorumLost"`
	InsecureConfigsAfterFirstApply int  `json:"insecureConfigsAfterFirstApply"`
	Bootstraps                     int  `json:"bootstraps"`
}

// Report is everything that was recorded.
type Report struct {
	Machines   []Machine  `json:"machines"`
	Invariants Invariants `json:"invariants"`
}

type history struct {
	applies    []Apply
	bootstraps int
	readySince time.Time // as a controller; zero while it is not ready
	wasReady   bool
	hadEtcd    bool
}

// settled is how long a controller must have been ready to count as having come up: while it boots for the first time it
// is ready for a moment before the kubelet has looked at its static pods.
const settled = 2 * time.Second

// follow notes whether the controller is ready now and tells whether it is out of service.
func (history *history) follow(ready bool) bool {
	switch {
	case ready && history.readySince.IsZero():
		history.readySince = time.Now()
	case !ready && !history.readySince.IsZero():
		history.wasReady = history.wasReady || time.Since(history.readySince) >= settled
		history.readySince = time.Time{}
	}

	return history.wasReady && !ready
}

// Recorder implements machine.Observer.
type Recorder struct {
	mu         sync.Mutex
	machines   []*machine.Machine
	histories  map[netip.Addr]*history
	invariants Invariants
}

// New returns a recorder; Watch tells it the machines.
func New() *Recorder {
	return &Recorder{histories: map[netip.Addr]*history{}}
}

// Watch names the machines of the lab.
func (recorder *Recorder) Watch(machines []*machine.Machine) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	recorder.machines = machines
	for _, watched := range machines {
		recorder.histories[watched.Address()] = &history{}
	}
}

// Booted implements machine.Observer.
func (recorder *Recorder) Booted(*machine.Machine) { recorder.judge() }

// StatusChanged implements machine.Observer.
func (recorder *Recorder) StatusChanged(*machine.Machine) { recorder.judge() }

// Applied implements machine.Observer.
func (recorder *Recorder) Applied(on *machine.Machine, apply machine.Apply) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	history := recorder.histories[on.Address()]

	if apply.Insecure && len(history.applies) > 0 {
		recorder.invariants.InsecureConfigsAfterFirstApply++
	}

	history.applies = append(history.applies, Apply{
		At: time.Now().UTC(), Mode: apply.Mode, ResolvedMode: apply.ResolvedMode, Insecure: apply.Insecure, Rebooted: apply.Rebooted,
	})
}

// Bootstrapped implements machine.Observer.
func (recorder *Recorder) Bootstrapped(on *machine.Machine) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	recorder.histories[on.Address()].bootstraps++
	recorder.invariants.Bootstraps++
}

// judge looks at all machines and notes whether an invariant is broken now.
func (recorder *Recorder) judge() {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	out, members, serving := 0, 0, 0

	for _, watched := range recorder.machines {
		history := recorder.histories[watched.Address()]
		ready, etcd, controller := look(watched)

		if history.follow(ready && controller) {
			out++
		}

		history.hadEtcd = history.hadEtcd || etcd

		if history.hadEtcd {
			members++
		}

		if etcd {
			serving++
		}
	}

	recorder.invariants.MaxControllersOut = max(recorder.invariants.MaxControllersOut, out)

	if members > 0 && serving < members/2+1 {
		recorder.invariants.QuorumLost = true
	}
}

func look(watched *machine.Machine) (ready, etcd, controller bool) {
	boot := watched.Boot()
	if boot == nil {
		return false, false, false
	}

	status := boot.Status()

	return status.Ready && status.Stage == runtime.MachineStageRunning, boot.Services.IsUp("etcd") && boot.Etcd().Running(), status.ControlPlane
}

// Report returns what is known now.
func (recorder *Recorder) Report() Report {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	report := Report{Machines: []Machine{}, Invariants: recorder.invariants}

	for _, watched := range recorder.machines {
		report.Machines = append(report.Machines, describe(watched, recorder.histories[watched.Address()]))
	}

	return report
}

func describe(watched *machine.Machine, history *history) Machine {
	described := Machine{
		Address:    watched.Address().String(),
		Power:      string(watched.Power()),
		Stage:      "off",
		Boots:      watched.Boots(),
		Applies:    append([]Apply{}, history.applies...),
		Bootstraps: history.bootstraps,
	}

	if installed := watched.Disk.System(); installed != nil {
		described.TalosVersion = installed.Version
	}

	if config := watched.Config(); config != nil && config.CompleteForBoot() {
		described.Role = "worker"
		if config.Machine().Type().IsControlPlane() {
			described.Role = "controller"
		}

		described.Name = watched.Hostname()
		described.KubernetesVersion = profile.TagOfImage(config.Machine().Kubelet().Image())
	}

	boot := watched.Boot()

	switch {
	case boot != nil:
		status := boot.Status()
		described.Stage = status.Stage.String()
		described.Ready = status.Ready
		described.TalosVersion = boot.Profile.Tag
		described.BootID = boot.ID
	case watched.Power() == machine.PowerOn:
		described.Stage = runtime.MachineStageRebooting.String()
	}

	return described
}
