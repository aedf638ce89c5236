// Package events is the event stream of a machine's boot: a ring that can be replayed.
package events

import (
	"context"
	"sync"
	"time"

	"github.com/rs/xid"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// retained is how many past events Talos can replay: a buffer of 1000 less its safety gap of 10.
const retained = 990

// typeURLPrefix is Talos's own; talosctl resolves payloads by what follows it.
const typeURLPrefix = "talos/runtime/"

type actorKey struct{}

// WithActor marks everything published under ctx with the id of the API call that caused it.
func WithActor(ctx context.Context, actorID string) context.Context {
	return context.WithValue(ctx, actorKey{}, actorID)
}

// Event is one published event.
type Event struct {
	ID      xid.ID
	ActorID string
	Payload proto.Message
}

// Proto returns the event as the API sends it; a nil payload gives the empty event that opens every stream.
func (event Event) Proto() (*machine.Event, error) {
	data := &anypb.Any{}

	if event.Payload != nil {
		value, err := proto.Marshal(event.Payload)
		if err != nil {
			return nil, err
		}

		data.TypeUrl = typeURLPrefix + string(event.Payload.ProtoReflect().Descriptor().FullName())
		data.Value = value
	}

	return &machine.Event{Data: data, Id: event.ID.String(), ActorId: event.ActorID}, nil
}

// Stream is the event stream of one boot.
type Stream struct {
	mu      sync.Mutex
	events  []Event
	first   int // position of events[0] since boot
	changed chan struct{}
	observe []func(proto.Message)
}

// NewStream returns an empty stream.
func NewStream() *Stream {
	return &Stream{changed: make(chan struct{})}
}

// Observe registers a function that is called with every event; register before the first Publish.
func (stream *Stream) Observe(observer func(proto.Message)) {
	stream.observe = append(stream.observe, observer)
}

// Publish appends an event.
func (stream *Stream) Publish(ctx context.Context, payload proto.Message) {
	actorID, _ := ctx.Value(actorKey{}).(string)

	stream.mu.Lock()

	stream.events = append(stream.events, Event{ID: xid.New(), ActorID: actorID, Payload: payload})
	if overflow := len(stream.events) - retained; overflow > 0 {
		stream.events = append([]Event(nil), stream.events[overflow:]...)
		stream.first += overflow
	}

	close(stream.changed)
	stream.changed = make(chan struct{})

	stream.mu.Unlock()

	for _, observer := range stream.observe {
		observer(payload)
	}
}

// Tail says where a reader starts. The zero value starts with the next event.
type Tail struct {
	Count   int32 // negative: everything retained
	AfterID string
	Since   time.Duration
}

func (stream *Stream) start(tail Tail) (int, error) {
	length := len(stream.events)

	switch {
	case tail.Count < 0:
		return stream.first, nil
	case tail.Count > 0:
		return stream.first + max(0, length-int(tail.Count)), nil
	case tail.AfterID != "":
		id, err := xid.FromString(tail.AfterID)
		if err != nil {
			return 0, err
		}

		return stream.after(func(event Event) bool { return event.ID.Compare(id) > 0 }), nil
	case tail.Since != 0:
		from := time.Now().Add(-tail.Since)

		return stream.after(func(event Event) bool { return event.ID.Time().After(from) }), nil
	default:
		return stream.first + length, nil
	}
}

func (stream *Stream) after(matches func(Event) bool) int {
	for index, event := range stream.events {
		if matches(event) {
			return stream.first + index
		}
	}

	return stream.first + len(stream.events)
}

// Watch calls send for every event from tail on until ctx ends, send fails, or the reader is so slow that events were lost.
// What was published before ctx ended is still sent: clients wait for the event that a machine's last words are.
func (stream *Stream) Watch(ctx context.Context, tail Tail, send func(Event) error) error {
	stream.mu.Lock()
	position, err := stream.start(tail)
	stream.mu.Unlock()

	if err != nil {
		return err
	}

	for {
		ended := ctx.Err()

		stream.mu.Lock()

		if position < stream.first {
			stream.mu.Unlock()

			return nil
		}

		pending := append([]Event(nil), stream.events[position-stream.first:]...)
		changed := stream.changed
		stream.mu.Unlock()

		for _, event := range pending {
			if err := send(event); err != nil {
				return err
			}
		}

		position += len(pending)

		switch {
		case ended != nil:
			return ended
		case len(pending) > 0:
			continue
		}

		select {
		case <-ctx.Done(): // once more, for what was published meanwhile
		case <-changed:
		}
	}
}
