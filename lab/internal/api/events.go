package api

import (
	"context"
	"fmt"
	"time"

	"github.com/rs/xid"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"

	"talos-cluster/lab/internal/events"
)

// Events implements machine.MachineServiceServer.
func (server *Machine) Events(request *machine.EventsRequest, stream machine.MachineService_EventsServer) error {
	if request.TailId != "" {
		if _, err := xid.FromString(request.TailId); err != nil {
			return fmt.Errorf("error parsing tail_id: %w", err)
		}
	}

	send := func(event events.Event) error {
		message, err := event.Proto()
		if err != nil {
			return err
		}

		return stream.Send(message)
	}

	// Clients wait for this empty event to know that the stream has begun.
	if err := send(events.Event{ID: xid.New(), ActorID: request.WithActorId}); err != nil {
		return err
	}

	ctx, cancel := untilStopped(stream.Context(), server.boot)
	defer cancel()

	tail := events.Tail{
		Count: request.TailEvents, AfterID: request.TailId, Since: time.Duration(request.TailSeconds) * time.Second,
	}

	err := server.boot.Events.Watch(ctx, tail, func(event events.Event) error {
		if request.WithActorId != "" && event.ActorID != request.WithActorId {
			return nil
		}

		return send(event)
	})

	return ended(stream.Context(), err)
}

// ended turns the end of a stream because the machine stops into a proper end.
func ended(ctx context.Context, err error) error {
	if ctx.Err() == nil && err == context.Canceled { //nolint:errorlint // Watch returns it as it is
		return nil
	}

	return err
}
