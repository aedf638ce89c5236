package machine

import (
	"context"
	"sync"

	"talos-cluster/lab/internal/fault"
)

// faultWatchers are told when a fault of the machine was set or lifted.
type faultWatchers struct {
	mu       sync.Mutex
	watchers map[int]func(fault.Name)
	next     int
}

// OnFault calls react after every fault that is set or lifted, until the returned function is called. React looks at
// machine.Faults for which of the two it was, and must not block: what takes time goes into a goroutine.
func (machine *Machine) OnFault(react func(fault.Name)) (stop func()) {
	watchers := &machine.faultWatchers

	watchers.mu.Lock()
	defer watchers.mu.Unlock()

	if watchers.watchers == nil {
		watchers.watchers = map[int]func(fault.Name){}
	}

	id := watchers.next
	watchers.next++
	watchers.watchers[id] = react

	return func() {
		watchers.mu.Lock()
		defer watchers.mu.Unlock()

		delete(watchers.watchers, id)
	}
}

// FaultChanged tells whoever emulates a part of the machine that a fault was set or lifted.
func (machine *Machine) FaultChanged(name fault.Name) {
	watchers := &machine.faultWatchers

	watchers.mu.Lock()
	reactions := make([]func(fault.Name), 0, len(watchers.watchers))

	for _, react := range watchers.watchers {
		reactions = append(reactions, react)
	}
	watchers.mu.Unlock()

	for _, react := range reactions {
		react(name)
	}
}

// SetFault lets something go wrong from now on, and at once where it can. Setting a fault again acts again: a killed
// member is killed once more.
func (machine *Machine) SetFault(ctx context.Context, name fault.Name) error {
	if name == fault.Stranger && !machine.Faults.Has(name) {
		if err := machine.exchange(ctx, strangerDirectory); err != nil {
			return err
		}
	}

	machine.Faults.Add(name)
	machine.faulted(name)

	switch name { //nolint:exhaustive // the others are no matter of power
	case fault.Off:
		return machine.SetPower(ctx, PowerOff)
	case fault.Hang:
		return machine.SetPower(ctx, PowerHang)
	default:
		return nil
	}
}

// LiftFault ends a fault. Lifting one that is not set does nothing.
func (machine *Machine) LiftFault(ctx context.Context, name fault.Name) error {
	if !machine.Faults.Remove(name) {
		return nil
	}

	machine.faulted(name)

	switch name { //nolint:exhaustive // the others are no matter of power
	case fault.Off, fault.Hang:
		return machine.SetPower(ctx, PowerOn)
	case fault.Stranger:
		return machine.exchange(ctx, ownDirectory)
	default:
		return nil
	}
}

func (machine *Machine) faulted(name fault.Name) {
	state := "lifted"
	if machine.Faults.Has(name) {
		state = "set"
	}

	machine.log("fault %s %s", name, state)
	machine.FaultChanged(name)

	switch name { //nolint:exhaustive // what happens in the machine itself is told to its watchers
	case fault.Partition:
		machine.peers.sever()
	case fault.CertificateMismatch:
		if boot := machine.Boot(); boot != nil {
			boot.reissue()
		}
	}

	machine.options.Observer.StatusChanged(machine)
	machine.peers.Changed()
}

// followPower keeps the faults that are states of power as the power is.
func (machine *Machine) followPower(power Power) {
	for state, name := range map[Power]fault.Name{PowerOff: fault.Off, PowerHang: fault.Hang} {
		if state == power {
			machine.Faults.Add(name)
		} else {
			machine.Faults.Remove(name)
		}
	}
}
