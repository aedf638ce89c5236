package machine

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// SetPower presses the power button: off is a cut, nothing is shut down in order.
func (machine *Machine) SetPower(ctx context.Context, power Power) error {
	machine.powerMu.Lock()
	defer machine.powerMu.Unlock()

	if machine.Power() == power {
		return nil
	}

	if !slices.Contains([]Power{PowerOn, PowerOff, PowerHang}, power) {
		return fmt.Errorf("power %q: unknown. Use on, off or hang", power)
	}

	machine.cut()
	machine.supply(ctx, power)

	return nil
}

// supply brings a machine that was cut to a state of power; the caller holds powerMu.
func (machine *Machine) supply(ctx context.Context, power Power) {
	switch power {
	case PowerOn:
		machine.start(ctx, machine.live)
	case PowerHang:
		machine.start(ctx, machine.hang)
	case PowerOff:
	}

	machine.mu.Lock()
	machine.power = power
	machine.mu.Unlock()

	machine.followPower(power)
	machine.log("power %s", power)
	machine.options.Observer.StatusChanged(machine)
	machine.peers.Changed()
}

// log writes a line to the lab's own log.
func (machine *Machine) log(format string, arguments ...any) {
	fmt.Fprintf(machine.options.Log, "%s %s %s\n", //nolint:errcheck // there is nowhere else to say it
		time.Now().UTC().Format("15:04:05.000"), machine.Address(), fmt.Sprintf(format, arguments...))
}

// Wipe empties the disk; the machine boots its medium again, if it was on.
func (machine *Machine) Wipe(ctx context.Context) error {
	before := machine.Power()

	if err := machine.SetPower(ctx, PowerOff); err != nil {
		return err
	}

	if err := machine.Disk.Wipe(); err != nil {
		return err
	}

	return machine.SetPower(ctx, before)
}

func (machine *Machine) start(ctx context.Context, run func(context.Context)) {
	// The machine lives on when the request that switched it on is over.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stopped := make(chan struct{})

	machine.mu.Lock()
	machine.off, machine.stopped = cancel, stopped
	machine.mu.Unlock()

	go func() {
		defer close(stopped)
		run(ctx)
	}()
}

// cut takes the power away and waits until nothing runs any more.
func (machine *Machine) cut() {
	machine.mu.Lock()
	off, stopped := machine.off, machine.stopped
	machine.off, machine.stopped = nil, nil
	machine.mu.Unlock()

	if off != nil {
		off()
		<-stopped
	}
}

// live boots again and again until power is cut.
func (machine *Machine) live(ctx context.Context) {
	for restarted := false; machine.awaitBoot(ctx, restarted) == nil; restarted = true {
		boot, err := newBoot(ctx, machine, machine.system())
		if err != nil {
			machine.log("cannot boot: %s", err)

			return
		}

		machine.setBoot(boot)
		machine.log("boots Talos %s", boot.Profile.Tag)
		machine.options.Observer.Booted(machine)

		reason := boot.run()

		machine.setBoot(nil)
		machine.options.Observer.StatusChanged(machine)
		machine.peers.Changed()

		if reason == endPowerOff && ctx.Err() == nil {
			machine.switchedOff()
		}

		if reason == endPowerOff {
			return
		}
	}
}

func (machine *Machine) setBoot(boot *Boot) {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	machine.boot = boot

	if boot != nil {
		machine.boots++
	}
}

// hang accepts connections on the machine's ports and never answers.
func (machine *Machine) hang(ctx context.Context) {
	var waiting sync.WaitGroup
	defer waiting.Wait()

	for _, port := range []int{constants.ApidPort, constants.EtcdClientPort, constants.EtcdPeerPort, constants.DefaultControlPlanePort} {
		address := net.JoinHostPort(machine.Address().String(), strconv.Itoa(port))

		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err != nil {
			machine.log("cannot hang on %s: %s", address, err)

			continue
		}

		waiting.Go(func() { swallow(ctx, listener) })
	}
}

func swallow(ctx context.Context, listener net.Listener) {
	stop := context.AfterFunc(ctx, func() { listener.Close() }) //nolint:errcheck
	defer stop()

	connections := []net.Conn(nil)

	for {
		connection, err := listener.Accept()
		if err != nil {
			break
		}

		connections = append(connections, connection)
	}

	for _, connection := range connections {
		connection.Close() //nolint:errcheck
	}
}
