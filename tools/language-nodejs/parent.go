package main

import (
	"context"
	"os"
	"time"
)

const parentPollInterval = 500 * time.Millisecond

// watchParent calls gone when the process that started this one has ended.
//
// A killed CLI can tell nobody: without this the host, and the program it runs, would live on. Pdeathsig is no way
// to notice, since it follows the thread that forked, and Go ends threads as it likes.
func watchParent(ctx context.Context, gone context.CancelFunc) {
	parent := os.Getppid()
	ticker := time.NewTicker(parentPollInterval)
	defer ticker.Stop()

	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if os.Getppid() != parent {
				gone()
				return
			}
		}
	}
}
