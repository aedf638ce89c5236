// Package record keeps what happened to a lab's machines, and whether what must never happen ever did.
package record

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"talos-cluster/lab/internal/machine"
)

// Recorder implements machine.Observer.
type Recorder struct {
	mu         sync.Mutex
	machines   []*machine.Machine
	histories  map[netip.Addr]*history
	events     []Event
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

// Reset forgets the figures and what happened, so that a test begins with a clean sheet. What the machines are stays
// known: which was configured before, which serves its cluster.
func (recorder *Recorder) Reset() {
	recorder.mu.Lock()
	recorder.events, recorder.invariants = nil, Invariants{}

	for _, each := range recorder.histories {
		each.forget()
	}
	recorder.mu.Unlock()

	// What is out now is out in the new record too.
	recorder.judge()
}

// note adds to the order of what happened; the caller holds mu.
func (recorder *Recorder) note(on *machine.Machine, kind EventKind, detail string) time.Time {
	at := time.Now().UTC()
	recorder.events = append(recorder.events, Event{
		At: at, Kind: kind, Address: on.Address().String(), Name: nameOf(on), Detail: detail,
	})

	return at
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

	if apply.Insecure && history.configured {
		recorder.invariants.InsecureConfigsAfterFirstApply++
	}

	history.configured = true
	history.gone = history.gone && !apply.Insecure
	history.applies = append(history.applies, Apply{
		At:   recorder.note(on, EventApply, applyDetail(apply)),
		Mode: apply.Mode, ResolvedMode: apply.ResolvedMode, Insecure: apply.Insecure, Rebooted: apply.Rebooted,
	})
}

func applyDetail(apply machine.Apply) string {
	if apply.Insecure {
		return apply.ResolvedMode + ", over unverified TLS"
	}

	return apply.ResolvedMode
}

// SecretsReceived implements machine.Observer.
func (recorder *Recorder) SecretsReceived(on *machine.Machine) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	if recorder.histories[on.Address()].configured {
		recorder.invariants.SecretsToStrangers++
		recorder.note(on, EventSecrets, "secrets to a machine in maintenance mode that was configured before")
	}
}

// Bootstrapped implements machine.Observer.
func (recorder *Recorder) Bootstrapped(on *machine.Machine) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	history := recorder.histories[on.Address()]
	history.bootstraps++
	history.gone = false

	recorder.invariants.Bootstraps++
	recorder.note(on, EventBootstrap, "")
}

// Upgraded implements machine.Observer.
func (recorder *Recorder) Upgraded(on *machine.Machine, upgrade machine.Upgrade) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	detail := fmt.Sprintf("%s to %s", upgrade.From, upgrade.To)
	if upgrade.Schematic != "" {
		detail += ", schematic " + upgrade.Schematic
	}

	history := recorder.histories[on.Address()]
	history.upgrades = append(history.upgrades, Upgrade{
		At: recorder.note(on, EventUpgrade, detail), From: upgrade.From, To: upgrade.To, Schematic: upgrade.Schematic,
	})
	recorder.invariants.UpgradesPerMachine = max(recorder.invariants.UpgradesPerMachine, history.repeated())
}

// WasReset implements machine.Observer.
func (recorder *Recorder) WasReset(on *machine.Machine) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	recorder.histories[on.Address()].wasReset()
	recorder.invariants.Resets++
	recorder.note(on, EventReset, "")
}

// MembersChanged implements machine.Observer.
func (recorder *Recorder) MembersChanged(on *machine.Machine, change machine.MembersChange) {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	recorder.invariants.MembershipChanges++

	index := slices.IndexFunc(recorder.machines, func(watched *machine.Machine) bool { return watched.Address() == change.Address })
	if index < 0 {
		recorder.note(on, EventMember, string(change.Action)+": one of no machine of the lab")

		return
	}

	member := recorder.machines[index]
	recorder.note(member, EventMember, string(change.Action))

	switch change.Action {
	case machine.MemberAdded:
		recorder.histories[member.Address()].gone = false
	case machine.MemberRemoved, machine.MemberLeft:
		recorder.histories[member.Address()].leave()
	case machine.MemberPromoted:
	}
}

// judge looks at all machines and notes whether an invariant is broken now.
func (recorder *Recorder) judge() {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	controllersOut, workersOut, members, serving := 0, 0, 0, 0

	for _, watched := range recorder.machines {
		history := recorder.histories[watched.Address()]
		seen := look(watched)

		switch {
		case !history.follow(seen):
		case history.controller:
			controllersOut++
		default:
			workersOut++
		}

		if history.hadEtcd {
			members++
		}

		if seen.etcd {
			serving++
		}
	}

	invariants := &recorder.invariants
	invariants.MaxControllersOut = max(invariants.MaxControllersOut, controllersOut)
	invariants.MaxWorkersOut = max(invariants.MaxWorkersOut, workersOut)

	if members > 0 && serving < members/2+1 {
		invariants.QuorumLost = true
	}
}

// Report returns what is known now.
func (recorder *Recorder) Report() Report {
	recorder.mu.Lock()
	defer recorder.mu.Unlock()

	report := Report{Machines: []Machine{}, Events: append([]Event{}, recorder.events...), Invariants: recorder.invariants}

	for _, watched := range recorder.machines {
		report.Machines = append(report.Machines, describe(watched, recorder.histories[watched.Address()]))
	}

	return report
}
