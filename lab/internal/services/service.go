// Package services runs the services of a machine's boot: their states, history and health, as machined reports them.
package services

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// maxEvents is how many state changes machined keeps per service.
const maxEvents = 64

// State is a service state; the values are those of the API.
type State = machine.ServiceStateEvent_Action

var stateNames = map[State]string{
	machine.ServiceStateEvent_INITIALIZED: "Initialized",
	machine.ServiceStateEvent_PREPARING:   "Preparing",
	machine.ServiceStateEvent_WAITING:     "Waiting",
	machine.ServiceStateEvent_RUNNING:     "Running",
	machine.ServiceStateEvent_STOPPING:    "Stopping",
	machine.ServiceStateEvent_FINISHED:    "Finished",
	machine.ServiceStateEvent_FAILED:      "Failed",
	machine.ServiceStateEvent_SKIPPED:     "Skipped",
	machine.ServiceStateEvent_STARTING:    "Starting",
}

// Definition is what a service does.
type Definition struct {
	ID string
	// DependsOn are services that must be up first.
	DependsOn []string
	// Condition is waited for before the service is prepared; nil when there is none.
	Condition func() conditions.Condition
	// Prepare runs in the state Preparing; nil when there is nothing to do.
	Prepare func(context.Context) error
	// Run calls running once the service runs, and returns when ctx ends or the service failed.
	Run func(ctx context.Context, running func(message string)) error
	// Stopping is the message of the state Stopping; "" leaves that state out.
	Stopping string
	// Health is asked every HealthPeriod, first after HealthDelay; nil when the service has no health check.
	Health       func(context.Context) error
	HealthDelay  time.Duration
	HealthPeriod time.Duration
}

type stateChange struct {
	state   State
	message string
	at      time.Time
}

type health struct {
	known   bool
	healthy bool
	message string
	changed time.Time
}

func (status health) proto() *machine.ServiceHealth {
	return &machine.ServiceHealth{
		Unknown:     !status.known,
		Healthy:     status.known && status.healthy,
		LastMessage: status.message,
		LastChange:  timestamppb.New(status.changed),
	}
}

type service struct {
	definition Definition
	manager    *Manager

	mu      sync.Mutex
	state   State
	history []stateChange
	health  health
	changed chan struct{}

	cancel context.CancelFunc
	done   chan struct{}
}

func newService(manager *Manager, definition Definition) *service {
	return &service{definition: definition, manager: manager, changed: make(chan struct{})}
}

func (service *service) update(state State, status health, format string, arguments ...any) {
	message := fmt.Sprintf(format, arguments...)

	service.mu.Lock()
	service.state = state
	service.history = append(service.history, stateChange{state: state, message: message, at: time.Now()})

	if overflow := len(service.history) - maxEvents; overflow > 0 {
		service.history = service.history[overflow:]
	}

	close(service.changed)
	service.changed = make(chan struct{})
	service.mu.Unlock()

	service.manager.publish(service.definition.ID, state, message, status)
}

func (service *service) setState(state State, format string, arguments ...any) {
	service.update(state, health{}, format, arguments...)
}

// setHealth records a health check; only a change is an event.
func (service *service) setHealth(err error) {
	service.mu.Lock()

	if service.state != machine.ServiceStateEvent_RUNNING {
		service.mu.Unlock()

		return
	}

	status := health{known: true, healthy: err == nil, changed: time.Now()}
	message := "Health check successful"

	if err != nil {
		status.message = err.Error()
		message = "Health check failed: " + status.message
	}

	previous := service.health
	unchanged := previous.known && previous.healthy == status.healthy

	if unchanged {
		status.changed = previous.changed
	}

	service.health = status
	service.mu.Unlock()

	if !unchanged {
		service.update(machine.ServiceStateEvent_RUNNING, status, "%s", message)
	}
}

func (service *service) isUp() bool {
	service.mu.Lock()
	defer service.mu.Unlock()

	switch service.state { //nolint:exhaustive
	case machine.ServiceStateEvent_FINISHED, machine.ServiceStateEvent_SKIPPED:
		return true
	case machine.ServiceStateEvent_RUNNING:
		return service.definition.Health == nil || service.health.healthy
	default:
		return false
	}
}
