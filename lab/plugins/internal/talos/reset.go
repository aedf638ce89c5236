package talos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	retrylib "github.com/siderolabs/go-retry/retry"
	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	"google.golang.org/grpc/codes"
)

// bootIDFile changes with every boot of a machine.
const bootIDFile = "/proc/sys/kernel/random/boot_id"

// reset wipes a machine and waits for what shows that it happened.
type reset struct {
	graceful, reboot bool
	timeout          time.Duration
}

func (r reset) run(ctx context.Context, target machine) error {
	return target.do(ctx, func(ctx context.Context, connection *client.Client) error {
		ctx, cancel := context.WithTimeout(ctx, r.timeout)
		defer cancel()

		if _, err := connection.Version(client.WithNodes(ctx, target.node)); err != nil {
			return fmt.Errorf("error getting version: %w", err)
		}

		watcher := &stopWatcher{connection: connection, timeout: r.timeout, actor: make(chan string, 1)}
		stopped := make(chan error, 1)

		go func() { stopped <- watcher.wait(ctx) }()

		before := ""
		if r.reboot {
			var err error
			if before, err = bootID(ctx, connection); err != nil {
				return err
			}
		}

		actor, err := r.request(ctx, connection)
		if err != nil {
			return err
		}

		watcher.actor <- actor

		if err := <-stopped; err != nil || !r.reboot {
			return err
		}

		return r.waitForBoot(ctx, target, connection, before)
	})
}

func (r reset) request(ctx context.Context, connection *client.Client) (string, error) {
	wipe := func(label string) *machineapi.ResetPartitionSpec {
		return &machineapi.ResetPartitionSpec{Label: label, Wipe: true}
	}

	response, err := connection.ResetGenericWithResponse(ctx, &machineapi.ResetRequest{
		Graceful:               r.graceful,
		Reboot:                 r.reboot,
		SystemPartitionsToWipe: []*machineapi.ResetPartitionSpec{wipe("STATE"), wipe("EPHEMERAL")},
	})
	if err != nil {
		return "", err
	}

	if len(response.GetMessages()) == 0 {
		return "", errors.New("no messages returned from action run")
	}

	return response.GetMessages()[0].GetActorId(), nil
}

// waitForBoot is content with a machine that answers in maintenance, or with a new boot id.
func (r reset) waitForBoot(ctx context.Context, target machine, connection *client.Client, before string) error {
	return retrylib.Constant(r.timeout).RetryWithContext(ctx, func(ctx context.Context) error {
		return expected(booted(ctx, target, connection, before))
	})
}

func booted(ctx context.Context, target machine, connection *client.Client, before string) error {
	insecure, err := unverified(ctx, target.endpoint)
	if err != nil {
		return err
	}

	defer insecure.Close() //nolint:errcheck // only a look

	if _, err := insecure.Disks(client.WithNode(ctx, target.node)); err == nil {
		return nil
	}

	now, err := bootID(ctx, connection)
	if err != nil {
		return err
	}

	if now == before {
		return retrylib.ExpectedErrorf("didn't reboot yet")
	}

	return nil
}

func bootID(ctx context.Context, connection *client.Client) (string, error) {
	reader, err := connection.Read(ctx, bootIDFile)
	if err != nil {
		return "", err
	}

	defer reader.Close() //nolint:errcheck // the content counts

	content, err := io.ReadAll(reader)

	return strings.TrimSpace(string(content)), err
}

// lost tells a machine that went away from one that refuses.
func lost(err error) bool {
	code := client.StatusCode(err)

	return errors.Is(err, io.EOF) || code == codes.Unavailable || code == codes.Canceled
}

// expected marks what is worth another look; anything else ends the wait.
func expected(err error) error {
	if err != nil && lost(err) {
		return retrylib.ExpectedError(err)
	}

	return err
}
