package events_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"

	"talos-cluster/lab/internal/events"
)

var errEnough = errors.New("enough")

// read returns the tasks of what a reader gets until it has count of them.
func read(test *testing.T, stream *events.Stream, tail events.Tail, count int) []string {
	test.Helper()

	ctx, cancel := context.WithTimeout(test.Context(), 200*time.Millisecond)
	defer cancel()

	seen := []string(nil)
	err := stream.Watch(ctx, tail, func(event events.Event) error {
		seen = append(seen, event.Payload.(*machine.TaskEvent).Task)
		if len(seen) == count {
			return errEnough
		}

		return nil
	})

	if !errors.Is(err, errEnough) && !errors.Is(err, context.DeadlineExceeded) {
		test.Fatal(err)
	}

	return seen
}

func publish(stream *events.Stream, names ...string) {
	for _, name := range names {
		stream.Publish(context.Background(), &machine.TaskEvent{Task: name})
	}
}

func TestReplay(test *testing.T) {
	stream := events.NewStream()
	publish(stream, "a", "b", "c")

	for name, sample := range map[string]struct {
		tail events.Tail
		want []string
	}{
		"nothing":    {events.Tail{}, nil},
		"everything": {events.Tail{Count: -1}, []string{"a", "b", "c"}},
		"last two":   {events.Tail{Count: 2}, []string{"b", "c"}},
		"too many":   {events.Tail{Count: 9}, []string{"a", "b", "c"}},
		"recent":     {events.Tail{Since: time.Hour}, []string{"a", "b", "c"}},
	} {
		if got := read(test, stream, sample.tail, 3); !slices.Equal(got, sample.want) {
			test.Errorf("%s: %v, want %v", name, got, sample.want)
		}
	}
}

func TestReplayAfterAnID(test *testing.T) {
	stream := events.NewStream()
	publish(stream, "a", "b", "c")

	var second string

	stream.Watch(test.Context(), events.Tail{Count: -1}, func(event events.Event) error { //nolint:errcheck
		if event.Payload.(*machine.TaskEvent).Task == "b" {
			second = event.ID.String()

			return errEnough
		}

		return nil
	})

	if got := read(test, stream, events.Tail{AfterID: second}, 1); !slices.Equal(got, []string{"c"}) {
		test.Errorf("after b: %v", got)
	}
}

func TestOldEventsAreDropped(test *testing.T) {
	stream := events.NewStream()
	for index := range 1500 {
		publish(stream, fmt.Sprint(index))
	}

	got := read(test, stream, events.Tail{Count: -1}, 990)
	if len(got) != 990 || got[0] != "510" || got[989] != "1499" {
		test.Errorf("%d events from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

func TestFollow(test *testing.T) {
	stream := events.NewStream()

	go func() {
		time.Sleep(20 * time.Millisecond)
		publish(stream, "later")
	}()

	if got := read(test, stream, events.Tail{}, 1); !slices.Equal(got, []string{"later"}) {
		test.Errorf("followed: %v", got)
	}
}

func TestActorAndWireForm(test *testing.T) {
	stream := events.NewStream()
	stream.Publish(events.WithActor(test.Context(), "someone"), &machine.TaskEvent{Task: "a"})

	stream.Watch(test.Context(), events.Tail{Count: -1}, func(event events.Event) error { //nolint:errcheck
		wire, err := event.Proto()
		if err != nil {
			test.Fatal(err)
		}

		if wire.ActorId != "someone" || wire.Data.TypeUrl != "talos/runtime/machine.TaskEvent" {
			test.Errorf("actor %q, type %q", wire.ActorId, wire.Data.TypeUrl)
		}

		return errEnough
	})

	empty, err := events.Event{}.Proto()
	if err != nil || empty.Data.TypeUrl != "" || len(empty.Data.Value) != 0 {
		test.Errorf("the opening event is not empty: %v %v", empty, err)
	}
}
