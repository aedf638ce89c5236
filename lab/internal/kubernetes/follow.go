package kubernetes

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/watch"

	"talos-cluster/lab/internal/pause"
)

const (
	// retryInterval is the pause after a failure. client-go's informers back off to 30 s, far too
	// long after the short outages that a lab is made of.
	retryInterval = 300 * time.Millisecond
	// resyncInterval catches what no event told.
	resyncInterval = 10 * time.Second
)

// follow calls reconcile at first, after every change that the watch reports, after wake, and once in
// a while; it goes on until ctx ends. reconcile looks at the whole state, so that events may get lost.
func follow(ctx context.Context, open func(context.Context) (watch.Interface, error), wake <-chan struct{}, reconcile func(context.Context) error) {
	for ctx.Err() == nil {
		if err := followOnce(ctx, open, wake, reconcile); err != nil {
			_ = pause.For(ctx, retryInterval) // the loop's condition sees the end of ctx
		}
	}
}

func followOnce(ctx context.Context, open func(context.Context) (watch.Interface, error), wake <-chan struct{}, reconcile func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	watcher, err := open(ctx)
	if err != nil {
		return err
	}
	defer watcher.Stop()

	resync := time.NewTicker(resyncInterval)
	defer resync.Stop()

	for {
		if err := reconcile(ctx); err != nil {
			return err
		}

		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, open := <-watcher.ResultChan():
			if !open {
				return nil
			}

			drain(watcher.ResultChan())
		case <-wake:
		case <-resync.C:
		}
	}
}

// drain drops the events that are there already: one look at the state covers them all.
func drain(events <-chan watch.Event) {
	for {
		select {
		case _, open := <-events:
			if !open {
				return
			}
		default:
			return
		}
	}
}
