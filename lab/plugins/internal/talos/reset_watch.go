package talos

import (
	"context"
	"fmt"
	"time"

	retrylib "github.com/siderolabs/go-retry/retry"
	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
)

const (
	// stopTask is the task whose event means that a reset went past its checks.
	stopTask = "stopAllServices"
	// everySince asks for the events since the machine's boot.
	everySince = -1
)

// stopWatcher follows the machine's events until its services stop.
type stopWatcher struct {
	connection *client.Client
	timeout    time.Duration
	actor      chan string
	id         string
	known      bool
}

// wait opens the stream again when it breaks, then from the first event on and for any actor: the machine may have gone on.
func (w *stopWatcher) wait(ctx context.Context) error {
	tail := int32(0)

	return retrylib.Constant(w.timeout).RetryWithContext(ctx, func(ctx context.Context) error {
		err := w.follow(ctx, tail)
		if err != nil && lost(err) {
			tail, w.id = everySince, ""
		}

		return expected(err)
	})
}

func (w *stopWatcher) follow(ctx context.Context, tail int32) error {
	events := make(chan client.EventResult)
	if err := w.connection.EventsWatchV2(ctx, events, client.WithTailEvents(tail)); err != nil {
		return err
	}

	if !w.known {
		select {
		case w.id = <-w.actor:
			w.known = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}

	for {
		select {
		case event := <-events:
			if done, err := w.judge(event); done || err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *stopWatcher) judge(result client.EventResult) (done bool, err error) {
	if task, ok := result.Event.Payload.(*machineapi.TaskEvent); ok && task.GetTask() == stopTask {
		return true, nil
	}

	if result.Error != nil {
		return false, result.Error
	}

	sequence, ok := result.Event.Payload.(*machineapi.SequenceEvent)
	if ok && result.Event.ActorID == w.id && sequence.GetError().GetMessage() != "" {
		return false, fmt.Errorf("sequence error: %s", sequence.GetError().GetMessage())
	}

	return false, nil
}
