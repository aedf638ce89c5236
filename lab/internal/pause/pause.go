// Package pause waits as long as it is told, or until nobody needs the wait any more.
package pause

import (
	"context"
	"time"
)

// For waits for a duration; it returns the context's error when that ends first.
func For(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()

	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
