package services

import (
	"context"
	"fmt"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"
)

// IsUp tells whether a service runs, and is healthy when it has a health check.
func (manager *Manager) IsUp(id string) bool {
	service := manager.find(id)

	return service != nil && service.isUp()
}

// Up is the condition that a service is up.
func (manager *Manager) Up(id string) conditions.Condition {
	return &up{manager: manager, id: id}
}

type up struct {
	manager *Manager
	id      string
}

// String implements conditions.Condition with Talos's own wording.
func (condition *up) String() string {
	return fmt.Sprintf("service %q to be %q", condition.id, "up")
}

// Wait implements conditions.Condition.
func (condition *up) Wait(ctx context.Context) error {
	for {
		condition.manager.mu.Lock()
		changed := condition.manager.loaded
		service := condition.manager.services[condition.id]
		condition.manager.mu.Unlock()

		if service != nil {
			service.mu.Lock()
			changed = service.changed
			service.mu.Unlock()

			if service.isUp() {
				return nil
			}
		}

		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-time.After(conditionPollInterval):
			// The service may have been unloaded and loaded again meanwhile.
		}
	}
}
