package talos

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// Bounds of the wait between two tries; it doubles from the first to the last.
const (
	shortestWait   = 500 * time.Millisecond
	longestWait    = 10 * time.Second
	defaultTimeout = 10 * time.Minute
)

// retry repeats an operation until it succeeds, is refused as InvalidArgument, or the time is up. Nothing else ends it: a
// refused connection, a wrong certificate and "already exists" are all tried again, and the last of them is the error.
func retry(ctx context.Context, timeout time.Duration, operation func() error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	var last error

	for wait := shortestWait; ; wait = min(2*wait, longestWait) {
		outcome := make(chan error, 1)

		// The operation does not know the deadline: one hung call must not hold the answer, and goes on behind it.
		go func() { outcome <- operation() }()

		select {
		case last = <-outcome:
		case <-ctx.Done():
			return orElse(last, ctx.Err())
		}

		if last == nil || status.Code(last) == codes.InvalidArgument {
			return last
		}

		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return last
		}
	}
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}

	return other
}

// timeoutOf reads an operation's limit from the resource's own `timeouts`.
func timeoutOf(state resource.PropertyMap, operation resource.PropertyKey) (time.Duration, bridge.Diagnostics) {
	text := bridge.Text(bridge.Nested(state, timeoutsKey), operation)
	if text == "" {
		return defaultTimeout, nil
	}

	timeout, err := time.ParseDuration(text)
	if err != nil {
		return 0, bridge.Errorf("Timeout Cannot Be Parsed",
			"timeout for %q cannot be parsed, %s", string(operation), fmt.Sprint(err))
	}

	return timeout, nil
}
