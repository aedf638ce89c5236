package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// What the previous run said, for the next one. A long value makes the exec fail with "argument list too long": Linux allows
// 128 KiB for one variable, and the real plugin does not look.
const (
	previousStdout = "PULUMI_COMMAND_STDOUT"
	previousStderr = "PULUMI_COMMAND_STDERR"
)

var errNoAssets = errors.New("assetPaths and archivePaths are not offered by the offline stand-in of the command plugin. " +
	"Leave them out, or use the real plugin")

// run executes the command and keeps what it said in output; a failure leaves output as it was. When the engine gives up,
// the context ends and the process (not its children) is killed at once, without a warning.
func (process Process) run(ctx context.Context, command string, output *Output) error {
	if process.AssetPaths != nil || process.ArchivePaths != nil {
		return errNoAssets
	}

	child, err := process.command(ctx, command, *output)
	if err != nil {
		return err
	}

	var stdout, stderr bytes.Buffer

	// Both streams in the order they came, for the error text only.
	both := &sharedBuffer{}
	shown := newStream(ctx)

	child.Stdout = io.MultiWriter(process.writers(shown, Stdout, &stdout, both)...)
	child.Stderr = io.MultiWriter(process.writers(shown, Stderr, &stderr, both)...)

	err = child.Run()

	shown.close()

	if err != nil {
		return fmt.Errorf("%w: running %q:\n%s", err, command, both.buffer.String())
	}

	output.Stdout = strings.TrimSuffix(stdout.String(), "\n")
	output.Stderr = strings.TrimSuffix(stderr.String(), "\n")

	return nil
}

func (process Process) command(ctx context.Context, command string, previous Output) (*exec.Cmd, error) {
	words := []string{"/bin/sh", "-c"}
	if process.Interpreter != nil && len(*process.Interpreter) > 0 {
		words = append([]string{}, *process.Interpreter...)
	}

	words = append(words, command)
	child := exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // running commands is the plugin's purpose
	child.Env = process.environment(previous)

	if process.Dir != nil {
		child.Dir = *process.Dir
	} else {
		directory, err := os.Getwd()
		if err != nil {
			return nil, err
		}

		child.Dir = directory
	}

	if process.Stdin != nil && *process.Stdin != "" {
		child.Stdin = strings.NewReader(*process.Stdin)
	}

	return child, nil
}

func (process Process) environment(previous Output) []string {
	variables := os.Environ()

	if process.Environment != nil {
		for name, value := range *process.Environment {
			variables = append(variables, name+"="+value)
		}
	}

	if process.AddPreviousOutputInEnv != nil && !*process.AddPreviousOutputInEnv {
		return variables
	}

	if previous.Stdout != "" {
		variables = append(variables, previousStdout+"="+previous.Stdout)
	}

	if previous.Stderr != "" {
		variables = append(variables, previousStderr+"="+previous.Stderr)
	}

	return variables
}

func (process Process) writers(shown *stream, which Logging, buffers ...io.Writer) []io.Writer {
	if process.Logging.shows(which) {
		return append(buffers, shown.writer)
	}

	return buffers
}

// sharedBuffer takes both streams of a process.
type sharedBuffer struct {
	lock   sync.Mutex
	buffer bytes.Buffer
}

func (shared *sharedBuffer) Write(content []byte) (int, error) {
	shared.lock.Lock()
	defer shared.lock.Unlock()

	return shared.buffer.Write(content)
}
