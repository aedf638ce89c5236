package machine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"
)

// Sequence is a named series of phases, as machined runs them.
type Sequence string

// The sequences an emulated machine knows.
const (
	SequenceInitialize Sequence = "initialize"
	SequenceInstall    Sequence = "install"
	SequenceBoot       Sequence = "boot"
	SequenceReboot     Sequence = "reboot"
	SequenceUpgrade    Sequence = "upgrade"
	SequenceStage      Sequence = "stageUpgrade"
	SequenceReset      Sequence = "reset"
	SequenceShutdown   Sequence = "shutdown"
)

type phase struct {
	name  string
	tasks []task
}

type task struct {
	name string
	run  func(context.Context) error
}

func nothing(context.Context) error { return nil }

func tasks(names ...string) []task {
	list := []task(nil)
	for _, name := range names {
		list = append(list, task{name: name, run: nothing})
	}

	return list
}

// errLocked is Talos's text for a sequence that may not interrupt the one that runs.
var errLocked = errors.New("locked")

// errReboot ends a sequence whose last task restarted the machine.
var errReboot = errors.New("unix.Reboot(1234567)")

// takeovers lists which sequence may interrupt which.
var takeovers = map[Sequence][]Sequence{
	SequenceInitialize: {SequenceReboot},
	SequenceBoot:       {SequenceReboot, SequenceReset, SequenceUpgrade},
	SequenceReboot:     {SequenceReboot},
	SequenceReset:      {SequenceReboot},
}

type sequencer struct {
	publish func(context.Context, proto.Message)
	log     func(string, ...any)

	mu      sync.Mutex
	running Sequence
	cancel  context.CancelFunc
	done    chan struct{}
}

// run executes a sequence; takeover interrupts whatever runs.
func (sequencer *sequencer) run(ctx context.Context, sequence Sequence, phases []phase, takeover bool) error {
	ctx, release, err := sequencer.lock(ctx, sequence, takeover)
	if err != nil {
		sequencer.publish(context.Background(), &machine.SequenceEvent{
			Sequence: string(sequence),
			Action:   machine.SequenceEvent_NOOP,
			Error:    &common.Error{Code: common.Code_LOCKED, Message: "sequence not started: " + err.Error()},
		})

		return err
	}

	defer release()

	if err := sequencer.runPhases(ctx, sequence, phases); err != nil {
		code := common.Code_FATAL
		if errors.Is(err, context.Canceled) {
			code = common.Code_CANCELED
		}

		sequencer.publish(ctx, &machine.SequenceEvent{
			Sequence: string(sequence),
			Action:   machine.SequenceEvent_NOOP,
			Error:    &common.Error{Code: code, Message: "sequence failed: " + err.Error()},
		})

		return err
	}

	return nil
}

func (sequencer *sequencer) lock(ctx context.Context, sequence Sequence, takeover bool) (context.Context, func(), error) {
	for {
		sequencer.mu.Lock()

		if sequencer.done == nil {
			break
		}

		allowed := takeover
		for _, candidate := range takeovers[sequencer.running] {
			allowed = allowed || candidate == sequence
		}

		cancel, done := sequencer.cancel, sequencer.done
		sequencer.mu.Unlock()

		if !allowed {
			return nil, nil, errLocked
		}

		cancel()
		<-done
	}

	defer sequencer.mu.Unlock()

	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	sequencer.running, sequencer.cancel, sequencer.done = sequence, cancel, done

	return ctx, func() {
		sequencer.mu.Lock()
		sequencer.running, sequencer.cancel, sequencer.done = "", nil, nil
		sequencer.mu.Unlock()

		cancel()
		close(done)
	}, nil
}

func (sequencer *sequencer) runPhases(ctx context.Context, sequence Sequence, phases []phase) error {
	sequencer.publish(ctx, &machine.SequenceEvent{Sequence: string(sequence), Action: machine.SequenceEvent_START})
	defer sequencer.publish(ctx, &machine.SequenceEvent{Sequence: string(sequence), Action: machine.SequenceEvent_STOP})

	start := time.Now()

	sequencer.log("%s sequence: %d phase(s)", sequence, len(phases))

	for index, phase := range phases {
		progress := fmt.Sprintf("%d/%d", index+1, len(phases))
		phaseStart := time.Now()

		sequencer.log("phase %s (%s): %d tasks(s)", phase.name, progress, len(phase.tasks))

		if err := sequencer.runPhase(ctx, phase); err != nil {
			sequencer.log("phase %s (%s): failed", phase.name, progress)

			return fmt.Errorf("error running phase %d in %s sequence: %w", index+1, sequence, err)
		}

		sequencer.log("phase %s (%s): done, %s", phase.name, progress, time.Since(phaseStart))

		if ctx.Err() != nil {
			return ctx.Err()
		}
	}

	sequencer.log("%s sequence: done: %s", sequence, time.Since(start))

	return nil
}

func (sequencer *sequencer) runPhase(ctx context.Context, phase phase) error {
	sequencer.publish(ctx, &machine.PhaseEvent{Phase: phase.name, Action: machine.PhaseEvent_START})
	defer sequencer.publish(ctx, &machine.PhaseEvent{Phase: phase.name, Action: machine.PhaseEvent_STOP})

	group, ctx := errgroup.WithContext(ctx)

	for index, task := range phase.tasks {
		group.Go(func() error {
			progress := fmt.Sprintf("%d/%d", index+1, len(phase.tasks))

			if err := sequencer.runTask(ctx, task, progress); err != nil {
				return fmt.Errorf("task %s: failed, %w", progress, err)
			}

			return nil
		})
	}

	return group.Wait()
}

func (sequencer *sequencer) runTask(ctx context.Context, task task, progress string) error {
	start := time.Now()

	sequencer.publish(ctx, &machine.TaskEvent{Task: task.name, Action: machine.TaskEvent_START})
	defer sequencer.publish(ctx, &machine.TaskEvent{Task: task.name, Action: machine.TaskEvent_STOP})

	sequencer.log("task %s (%s): starting", task.name, progress)

	err := task.run(ctx)

	switch {
	case err == nil:
		sequencer.log("task %s (%s): done, %s", task.name, progress, time.Since(start))
	case !errors.Is(err, errReboot):
		sequencer.log("task %s (%s): failed: %s", task.name, progress, err)
	}

	return err
}
