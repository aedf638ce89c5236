// Package fleet is a whole lab: its machines, the endpoint in front of the controllers, and the record of what happened.
package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/constants"

	"talos-cluster/lab/internal/api"
	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
	"talos-cluster/lab/internal/record"
)

// Options describe a lab.
type Options struct {
	Directory string
	Endpoint  netip.Addr // invalid: no balancer
	Machines  []netip.Addr
	Boot      profile.Profile
	Timing    machine.Timing
	Programs  machine.Programs
	// RequireCNI keeps Nodes NotReady while their config has no CNI.
	RequireCNI bool
	Log        io.Writer
}

// Fleet is a lab.
type Fleet struct {
	Machines []*machine.Machine
	Recorder *record.Recorder

	balancer *kubernetes.Balancer
}

// New returns a lab that is switched off.
func New(options Options) (*Fleet, error) {
	fleet := &Fleet{Recorder: record.New()}

	for _, address := range options.Machines {
		built, err := machine.New(machine.Options{
			Address:     address,
			Directory:   filepath.Join(options.Directory, "machines", address.String()),
			BootVersion: options.Boot,
			Timing:      options.Timing,
			Programs:    options.Programs,
			RequireCNI:  options.RequireCNI,
			API:         api.API{Observer: fleet.Recorder},
			Observer:    fleet.Recorder,
			Log:         options.Log,
		})
		if err != nil {
			return nil, err
		}

		fleet.Machines = append(fleet.Machines, built)
	}

	machine.Introduce(fleet.Machines)
	fleet.Recorder.Watch(fleet.Machines)

	if options.Endpoint.IsValid() {
		fleet.balancer = kubernetes.NewBalancer(
			netip.AddrPortFrom(options.Endpoint, constants.DefaultControlPlanePort), fleet.controllers)
		fleet.watchPartitions()
	}

	return fleet, nil
}

// watchPartitions makes the endpoint give up a controller that lost its wire to the others.
func (fleet *Fleet) watchPartitions() {
	for _, each := range fleet.Machines {
		each.OnFault(func(name fault.Name) {
			if name == fault.Partition && each.Faults.Has(name) {
				fleet.balancer.Drop(each.Address())
			}
		})
	}
}

// controllers are the API servers behind the endpoint: of every machine that is configured as a controller, up or not,
// but not of one that is cut off from the others.
func (fleet *Fleet) controllers() []netip.AddrPort {
	addresses := []netip.AddrPort(nil)

	for _, candidate := range fleet.Machines {
		config := candidate.Config()
		if candidate.Faults.Has(fault.Partition) {
			continue
		}

		if config != nil && config.CompleteForBoot() && config.Machine().Type().IsControlPlane() {
			addresses = append(addresses, netip.AddrPortFrom(candidate.Address(), uint16(config.Cluster().LocalAPIServerPort())))
		}
	}

	return addresses
}

// free fails when something else serves on an address of the lab: another lab, most likely.
func (fleet *Fleet) free(ctx context.Context) error {
	failures := error(nil)

	for _, each := range fleet.Machines {
		address := net.JoinHostPort(each.Address().String(), strconv.Itoa(constants.ApidPort))

		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err != nil {
			failures = errors.Join(failures, fmt.Errorf("%s: cannot be served: %w. Stop the other lab, or use another network", address, err))

			continue
		}

		listener.Close() //nolint:errcheck
	}

	return failures
}

// Start switches every machine on.
func (fleet *Fleet) Start(ctx context.Context) error {
	if err := fleet.free(ctx); err != nil {
		return err
	}

	if fleet.balancer != nil {
		if err := fleet.balancer.Start(ctx); err != nil {
			return err
		}
	}

	for _, each := range fleet.Machines {
		if err := each.SetPower(ctx, machine.PowerOn); err != nil {
			return err
		}
	}

	return nil
}

// Stop switches every machine off and waits until nothing of them runs.
func (fleet *Fleet) Stop(ctx context.Context) error {
	failures := make(chan error, len(fleet.Machines))

	for _, each := range fleet.Machines {
		go func() { failures <- each.SetPower(ctx, machine.PowerOff) }()
	}

	err := error(nil)
	for range fleet.Machines {
		err = errors.Join(err, <-failures)
	}

	if fleet.balancer != nil {
		err = errors.Join(err, fleet.balancer.Stop(ctx))
	}

	return err
}

// Find returns the machine at an address, nil when there is none.
func (fleet *Fleet) Find(address string) *machine.Machine {
	for _, candidate := range fleet.Machines {
		if candidate.Address().String() == address {
			return candidate
		}
	}

	return nil
}

// WaitAnswering returns once every machine's API accepts connections.
func (fleet *Fleet) WaitAnswering(ctx context.Context) error {
	for _, each := range fleet.Machines {
		address := net.JoinHostPort(each.Address().String(), strconv.Itoa(constants.ApidPort))

		for {
			connection, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
			if err == nil {
				connection.Close() //nolint:errcheck

				break
			}

			select {
			case <-ctx.Done():
				return fmt.Errorf("%s: does not answer: %w", address, err)
			case <-time.After(answerPoll):
			}
		}
	}

	return nil
}

const answerPoll = 20 * time.Millisecond
