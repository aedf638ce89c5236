package kubernetes

import (
	"context"
	"sync"
)

// group is the goroutines of a part that is started and stopped again and again.
type group struct {
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// start runs loops until stop; the caller must have stopped the ones before.
func (loops *group) start(run ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	loops.cancel = cancel

	for _, loop := range run {
		loops.running.Go(func() { loop(ctx) })
	}
}

// stop ends the loops and waits for them; harmless when there are none.
func (loops *group) stop() {
	if loops.cancel != nil {
		loops.cancel()
	}

	loops.running.Wait()
	loops.cancel = nil
}

func (loops *group) active() bool { return loops.cancel != nil }
