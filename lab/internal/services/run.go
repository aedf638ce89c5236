package services

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
)

// live runs the service once, until ctx ends or it fails.
func (service *service) live(ctx context.Context) {
	defer close(service.done)

	service.setState(machine.ServiceStateEvent_STARTING, "Starting service")

	err := service.run(ctx)

	service.mu.Lock()
	if service.health.known {
		service.health = health{known: true, message: "service not running", changed: time.Now()}
	}
	service.mu.Unlock()

	if err == nil {
		service.setState(machine.ServiceStateEvent_FINISHED, "Service finished successfully")

		return
	}

	text := err.Error()
	service.setState(machine.ServiceStateEvent_FAILED, "%s", strings.ToUpper(text[:1])+text[1:])
}

func (service *service) run(ctx context.Context) error {
	definition := service.definition

	if condition := service.condition(); condition != nil {
		if err := service.await(ctx, condition); err != nil {
			return err
		}
	}

	service.setState(machine.ServiceStateEvent_PREPARING, "Running pre state")

	if definition.Prepare != nil {
		if err := definition.Prepare(ctx); err != nil {
			return fmt.Errorf("failed to run pre stage: %w", err)
		}
	}

	service.setState(machine.ServiceStateEvent_PREPARING, "Creating service runner")

	healthContext, stopHealth := context.WithCancel(ctx)
	defer stopHealth()

	err := definition.Run(ctx, func(message string) {
		service.manager.Started(definition.ID)
		service.setState(machine.ServiceStateEvent_RUNNING, "%s", message)

		if definition.Health != nil {
			go service.checkHealth(healthContext)
		}
	})

	if ctx.Err() != nil && definition.Stopping != "" {
		service.setState(machine.ServiceStateEvent_STOPPING, "%s", definition.Stopping)
	}

	return err
}

func (service *service) condition() conditions.Condition {
	all := make([]conditions.Condition, 0, len(service.definition.DependsOn)+1)

	for _, id := range service.definition.DependsOn {
		all = append(all, service.manager.Up(id))
	}

	if service.definition.Condition != nil {
		all = append(all, service.definition.Condition())
	}

	if len(all) == 0 {
		return nil
	}

	return conditions.WaitForAll(all...)
}

// await waits and says what is still missing whenever that changes.
func (service *service) await(ctx context.Context, condition conditions.Condition) error {
	description := condition.String()
	service.setState(machine.ServiceStateEvent_WAITING, "Waiting for %s", description)

	finished := make(chan error, 1)
	go func() { finished <- condition.Wait(ctx) }()

	ticker := time.NewTicker(conditionPollInterval)
	defer ticker.Stop()

	for {
		select {
		case err := <-finished:
			return err
		case <-ticker.C:
			if current := condition.String(); current != "" && current != description {
				description = current
				service.setState(machine.ServiceStateEvent_WAITING, "Waiting for %s", description)
			}
		}
	}
}

func (service *service) checkHealth(ctx context.Context) {
	timer := time.NewTimer(service.definition.HealthDelay)
	defer timer.Stop()

	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}

		err := service.definition.Health(ctx)
		if ctx.Err() != nil {
			return
		}

		service.setHealth(err)

		// Until the first success the check is repeated quickly, so that a cluster comes up as fast as its processes do.
		period := service.definition.HealthPeriod
		if err != nil {
			period = min(period, unhealthyPeriod)
		}

		timer.Reset(period)
	}
}
