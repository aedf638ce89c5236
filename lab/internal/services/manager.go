package services

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/proto"
)

const (
	conditionPollInterval = time.Second
	unhealthyPeriod       = 250 * time.Millisecond
)

// Manager holds the services of one boot.
type Manager struct {
	// Publish receives every state change as the API's event.
	Publish func(context.Context, proto.Message)
	// Changed is called after every state change.
	Changed func()
	// Started is called when a service runs, before its state says so.
	Started func(id string)
	// Log receives one line a state change.
	Log func(format string, arguments ...any)

	mu       sync.Mutex
	services map[string]*service
	loaded   chan struct{}
}

// NewManager returns a manager without services.
func NewManager() *Manager {
	return &Manager{
		Publish:  func(context.Context, proto.Message) {},
		Changed:  func() {},
		Started:  func(string) {},
		Log:      func(string, ...any) {},
		services: map[string]*service{},
		loaded:   make(chan struct{}),
	}
}

func (manager *Manager) publish(id string, state State, message string, status health) {
	manager.Log("service[%s](%s): %s", id, stateNames[state], message)
	manager.Publish(context.Background(), &machine.ServiceStateEvent{
		Service: id,
		Action:  state,
		Message: message,
		Health:  status.proto(),
	})
	manager.Changed()
}

// Load registers services without starting them; one that is known already is kept.
func (manager *Manager) Load(definitions ...Definition) {
	manager.mu.Lock()
	defer manager.mu.Unlock()

	for _, definition := range definitions {
		if _, exists := manager.services[definition.ID]; !exists {
			manager.services[definition.ID] = newService(manager, definition)
		}
	}

	close(manager.loaded)
	manager.loaded = make(chan struct{})
}

// Start starts services that do not run; they live until Stop or ctx ends.
func (manager *Manager) Start(ctx context.Context, ids ...string) {
	for _, id := range ids {
		service := manager.find(id)
		if service == nil {
			continue
		}

		service.mu.Lock()

		if service.done != nil && !closed(service.done) {
			service.mu.Unlock()

			continue
		}

		var serviceContext context.Context

		serviceContext, service.cancel = context.WithCancel(ctx)
		service.done = make(chan struct{})
		service.health = health{}
		service.mu.Unlock()

		go service.live(serviceContext)
	}
}

// LoadAndStart loads and starts services.
func (manager *Manager) LoadAndStart(ctx context.Context, definitions ...Definition) {
	manager.Load(definitions...)

	for _, definition := range definitions {
		manager.Start(ctx, definition.ID)
	}
}

// Stop stops services one after another and waits for each.
func (manager *Manager) Stop(ids ...string) {
	for _, id := range ids {
		if service := manager.find(id); service != nil {
			service.stop()
		}
	}
}

func (service *service) stop() {
	service.mu.Lock()
	cancel, done := service.cancel, service.done
	service.mu.Unlock()

	if cancel == nil {
		return
	}

	cancel()
	<-done
}

// Record enters a state into a service's history without anything having happened to it.
func (manager *Manager) Record(id string, state State, message string) {
	service := manager.find(id)
	if service == nil {
		return
	}

	// A service that is recorded as not running says nothing of its health any more.
	if service.mu.Lock(); state != machine.ServiceStateEvent_RUNNING && service.health.known {
		service.health = health{known: true, message: "service not running", changed: time.Now()}
	}
	service.mu.Unlock()

	service.setState(state, "%s", message)
}

// Unload stops a service and forgets it.
func (manager *Manager) Unload(id string) {
	manager.Stop(id)

	manager.mu.Lock()
	delete(manager.services, id)
	manager.mu.Unlock()
}

func (manager *Manager) find(id string) *service {
	manager.mu.Lock()
	defer manager.mu.Unlock()

	return manager.services[id]
}

func (manager *Manager) sorted() []*service {
	manager.mu.Lock()
	defer manager.mu.Unlock()

	services := make([]*service, 0, len(manager.services))
	for _, service := range manager.services {
		services = append(services, service)
	}

	slices.SortFunc(services, func(a, b *service) int { return strings.Compare(a.definition.ID, b.definition.ID) })

	return services
}

func closed(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}
