package machine

import (
	"context"
	"sync"
	"time"

	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/resources"
)

// clock is how far a machine's clock is from the computer's.
type clock struct {
	mu sync.Mutex
	// era is how far time in the whole lab has gone on: every machine is in sync with it.
	era time.Duration
	// error is how far this machine's own clock is off that: it found no time server.
	error time.Duration
}

const clockPoll = 200 * time.Millisecond

// SetClockError moves the machine's own clock, so that it is wrong by so much. Zero makes it right again.
func (machine *Machine) SetClockError(wrong time.Duration) {
	machine.clock.mu.Lock()
	machine.clock.error = wrong
	machine.clock.mu.Unlock()

	machine.clockMoved()
}

// SetEra moves the time of the lab on, for this machine. Its certificates are made anew, as they would have been.
func (machine *Machine) SetEra(era time.Duration) {
	machine.clock.mu.Lock()
	machine.clock.era = era
	machine.clock.mu.Unlock()

	machine.clockMoved()
}

func (machine *Machine) clockMoved() {
	machine.log("clock is off by %s", machine.ClockOffset())

	if boot := machine.Boot(); boot != nil {
		boot.reissue()
		boot.cut()
		boot.notify()
	}
}

// ClockOffset is how far the machine's clock is ahead of the computer's.
func (machine *Machine) ClockOffset() time.Duration {
	machine.clock.mu.Lock()
	defer machine.clock.mu.Unlock()

	return machine.clock.era + machine.clock.error
}

func (machine *Machine) era() time.Duration {
	machine.clock.mu.Lock()
	defer machine.clock.mu.Unlock()

	return machine.clock.era
}

// Now is the time by the machine's clock.
func (machine *Machine) Now() time.Time { return time.Now().Add(machine.ClockOffset()) }

// wrongNow is the time as the kubelet sees it. It knows nothing of time that went on for the whole lab: the API servers
// and their certificates do not either.
func (machine *Machine) wrongNow() time.Time { return machine.issuedAt() }

// TimeSynced tells whether the machine's clock is right.
func (machine *Machine) TimeSynced() bool {
	machine.clock.mu.Lock()
	defer machine.clock.mu.Unlock()

	return machine.clock.error == 0
}

// issuedAt is the time from which certificates issued now are valid. Time that went on for the whole lab did not for the
// people who talk to it: for their sake such a certificate is valid from the computer's time on.
func (machine *Machine) issuedAt() time.Time {
	machine.clock.mu.Lock()
	defer machine.clock.mu.Unlock()

	return time.Now().Add(machine.clock.error)
}

// TimeSynced tells whether the machine takes its clock for right, as it does when it was told not to look.
func (boot *Boot) TimeSynced() bool {
	return boot.Machine.TimeSynced() || resources.TimeSyncDisabled(boot.Config())
}

// AwaitTimeSync waits until the clock is right, or ctx ends.
func (boot *Boot) AwaitTimeSync(ctx context.Context) error { return timeSync{boot}.Wait(ctx) }

// timeSync is what services wait for before they start.
type timeSync struct{ boot *Boot }

// String implements conditions.Condition.
func (condition timeSync) String() string { return "time sync" }

// Wait implements conditions.Condition.
func (condition timeSync) Wait(ctx context.Context) error {
	for !condition.boot.TimeSynced() {
		if err := pause.For(ctx, clockPoll); err != nil {
			return err
		}
	}

	return nil
}
