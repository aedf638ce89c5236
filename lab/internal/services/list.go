package services

import (
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Status is a service as others see it.
type Status struct {
	ID      string
	Running bool
	Healthy bool
	Unknown bool
}

// IDs returns the ids of all services, sorted.
func (manager *Manager) IDs() []string {
	ids := []string(nil)
	for _, service := range manager.sorted() {
		ids = append(ids, service.definition.ID)
	}

	return ids
}

// Statuses returns the services that run.
func (manager *Manager) Statuses() []Status {
	statuses := []Status(nil)

	for _, service := range manager.sorted() {
		service.mu.Lock()

		if service.state == machine.ServiceStateEvent_RUNNING {
			statuses = append(statuses, Status{
				ID:      service.definition.ID,
				Running: true,
				Healthy: service.health.known && service.health.healthy,
				Unknown: !service.health.known,
			})
		}

		service.mu.Unlock()
	}

	return statuses
}

// List returns the services as the API's ServiceList does.
func (manager *Manager) List() []*machine.ServiceInfo {
	list := []*machine.ServiceInfo(nil)

	for _, service := range manager.sorted() {
		service.mu.Lock()

		info := &machine.ServiceInfo{
			Id:     service.definition.ID,
			State:  stateNames[service.state],
			Events: &machine.ServiceEvents{},
			Health: service.health.proto(),
		}

		for _, change := range service.history {
			info.Events.Events = append(info.Events.Events, &machine.ServiceEvent{
				Msg: change.message, State: stateNames[change.state], Ts: timestamppb.New(change.at),
			})
		}

		service.mu.Unlock()

		list = append(list, info)
	}

	return list
}
