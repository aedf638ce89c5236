package machine

import (
	"context"
	"fmt"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"

	"talos-cluster/lab/internal/services"
)

// healthPeriod is how often a healthy service is looked at.
const healthPeriod = 5 * time.Second

func healthy(context.Context) error { return nil }

// simpleService is a service that has nothing behind it but its state.
func (boot *Boot) simpleService(id string, dependsOn ...string) services.Definition {
	definition := services.Definition{
		ID:           id,
		DependsOn:    dependsOn,
		Stopping:     "Sending SIGTERM to Process(\"" + id + "\")",
		Health:       healthy,
		HealthPeriod: healthPeriod,
		HealthDelay:  boot.Machine.options.Timing.ServiceStart,
		Run: func(ctx context.Context, running func(string)) error {
			boot.Journal.Service(id).Printf("%s starting", id)
			running(fmt.Sprintf("Process Process(%s) started with PID %d", processes[id], boot.processID()))
			<-ctx.Done()

			return nil
		},
	}

	if id == "dashboard" {
		definition.Health = nil
	}

	if id == "auditd" || id == "syslogd" {
		definition.Stopping = ""
		definition.Run = runGoroutine
	}

	return definition
}

// processes are the command lines of the simple services.
var processes = map[string]string{
	"containerd": `["/bin/containerd" "--address" "/system/run/containerd/containerd.sock" "--state" "/system/run/containerd" "--root" "/system/var/lib/containerd"]`,
	"cri":        `["/bin/containerd" "--address" "/run/containerd/containerd.sock" "--config" "/etc/cri/containerd.toml"]`,
	"dashboard":  `["/sbin/dashboard"]`,
	"udevd":      `["/sbin/systemd-udevd" "--resolve-names=never"]`,
}

func runGoroutine(ctx context.Context, running func(string)) error {
	running("Service started as goroutine")
	<-ctx.Done()

	return nil
}

func (boot *Boot) machinedService() services.Definition {
	return services.Definition{
		ID: "machined", Run: runGoroutine,
		Health: healthy, HealthDelay: boot.Machine.options.Timing.ServiceStart, HealthPeriod: healthPeriod,
	}
}

func (boot *Boot) trustdService() services.Definition {
	return services.Definition{
		ID:        "trustd",
		DependsOn: []string{"containerd"},
		Condition: func() conditions.Condition { return conditions.WaitForAll(timeSync{boot}, met("network")) },
		Stopping:  "Sending SIGTERM to task trustd",
		Run: func(ctx context.Context, running func(string)) error {
			running(boot.startedTask("trustd"))
			boot.Machine.peers.Changed()
			<-ctx.Done()

			return nil
		},
		Health: healthy, HealthDelay: boot.Machine.options.Timing.ServiceStart, HealthPeriod: healthPeriod,
	}
}

func (boot *Boot) startedTask(id string) string {
	return fmt.Sprintf("Started task %s (PID %d) for container %s", id, boot.processID(), id)
}

// met is a condition that is always fulfilled; it shows in what a service says it waits for.
type met string

// String implements conditions.Condition.
func (description met) String() string { return string(description) }

// Wait implements conditions.Condition.
func (description met) Wait(context.Context) error { return nil }
