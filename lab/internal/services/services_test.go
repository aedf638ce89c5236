package services_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/proto"

	"talos-cluster/lab/internal/services"
)

func eventually(test *testing.T, what string, holds func() bool) {
	test.Helper()

	for deadline := time.Now().Add(5 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			test.Fatalf("%s: did not happen", what)
		}
	}
}

func run(ctx context.Context, running func(string)) error {
	running("Service started as goroutine")
	<-ctx.Done()

	return nil
}

func messages(manager *services.Manager, id string) []string {
	texts := []string(nil)

	for _, info := range manager.List() {
		if info.Id == id {
			for _, event := range info.Events.Events {
				texts = append(texts, event.State+": "+event.Msg)
			}
		}
	}

	return texts
}

func TestLifeOfAService(test *testing.T) {
	manager := services.NewManager()
	manager.LoadAndStart(test.Context(), services.Definition{
		ID: "etcd", DependsOn: []string{"cri"}, Run: run, Stopping: "Sending SIGTERM to task etcd",
		Health: func(context.Context) error { return nil }, HealthPeriod: time.Second,
	})

	eventually(test, "waiting", func() bool { return len(messages(manager, "etcd")) == 2 })
	manager.LoadAndStart(test.Context(), services.Definition{ID: "cri", Run: run})
	eventually(test, "up", func() bool { return manager.IsUp("etcd") })
	manager.Stop("etcd")

	want := []string{
		"Starting: Starting service",
		`Waiting: Waiting for service "cri" to be "up"`,
		"Preparing: Running pre state",
		"Preparing: Creating service runner",
		"Running: Service started as goroutine",
		"Running: Health check successful",
		"Stopping: Sending SIGTERM to task etcd",
		"Finished: Service finished successfully",
	}
	if got := messages(manager, "etcd"); !slices.Equal(got, want) {
		test.Errorf("history:\n%q\nwant\n%q", got, want)
	}
}

func TestHealthChangesAreEvents(test *testing.T) {
	var sick atomic.Bool

	published := make(chan *machine.ServiceStateEvent, 100)

	manager := services.NewManager()
	manager.Publish = func(_ context.Context, message proto.Message) {
		published <- message.(*machine.ServiceStateEvent)
	}
	manager.LoadAndStart(test.Context(), services.Definition{
		ID: "etcd", Run: run, HealthPeriod: 10 * time.Millisecond,
		Health: func(context.Context) error {
			if sick.Load() {
				return errors.New("no leader")
			}

			return nil
		},
	})

	await := func(message string, healthy bool) {
		test.Helper()

		for {
			select {
			case event := <-published:
				if event.Message == message && event.Health.Healthy == healthy {
					return
				}
			case <-time.After(5 * time.Second):
				test.Fatalf("%q was not published", message)
			}
		}
	}

	await("Health check successful", true)
	sick.Store(true)
	await("Health check failed: no leader", false)

	if manager.IsUp("etcd") {
		test.Error("an unhealthy service is up")
	}

	sick.Store(false)
	await("Health check successful", true)
}

func TestAServiceThatFails(test *testing.T) {
	manager := services.NewManager()
	manager.LoadAndStart(test.Context(), services.Definition{
		ID: "etcd", Run: run, Prepare: func(context.Context) error { return errors.New("no disk") },
	})

	eventually(test, "failed", func() bool { return manager.List()[0].State == "Failed" })

	if got := messages(manager, "etcd"); got[len(got)-1] != "Failed: Failed to run pre stage: no disk" {
		test.Errorf("history: %q", got)
	}
}
