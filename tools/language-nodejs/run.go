package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// exitAlreadyReported is the exit code with which the SDK says: the user has seen the error, add nothing.
const exitAlreadyReported = 32

// interruptGrace is how long an interrupted program may take to end before it is killed.
const interruptGrace = 2 * time.Second

// Run executes the program and answers when its process has ended.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if req.GetAttachDebugger() {
		return &pulumirpc.RunResponse{Error: "--attach-debugger is not known to this small language host. " +
			"Put `--inspect-brk` into runtime.options.nodeargs of Pulumi.yaml, or install the official Pulumi CLI"}, nil
	}

	command, err := h.runCommand(req)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}

	// Both ends may give up: the engine on this call, the operating system on the host.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stopped, cancel)()

	return runResponse(runToEnd(ctx, command)), nil
}

func (h *host) runCommand(req *pulumirpc.RunRequest) (*exec.Cmd, error) {
	opts, err := parseOptions(req.GetInfo().GetOptions())
	if err != nil {
		return nil, err
	}
	runPath, err := findRunScript(req.GetInfo().GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	environment, err := runEnvironment(req, opts)
	if err != nil {
		return nil, err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("node is not on PATH. Install Node 20 or newer, then try again")
	}

	command := exec.Command(node, append(opts.nodeArguments, runArguments(req, runPath, h.engine(), h.tracing)...)...)
	// --import and --require of nodeargs resolve from the program, whatever directory the CLI was started in.
	command.Dir = req.GetInfo().GetProgramDirectory()
	command.Env = environment
	// Not the files themselves: Node switches inherited pipes to non-blocking mode under the host's feet.
	command.Stdout = struct{ io.Writer }{os.Stdout}
	command.Stderr = struct{ io.Writer }{os.Stderr}
	return command, nil
}

// runToEnd runs the command so that no end of this host leaves it behind.
func runToEnd(ctx context.Context, command *exec.Cmd) error {
	// The kernel kills the program with the thread that started it: keep that thread until the program has ended.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	// A grandchild that keeps the output open must not hold the engine up.
	command.WaitDelay = interruptGrace

	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		_ = command.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(interruptGrace):
			_ = command.Process.Kill()
		}
	}()
	return command.Wait()
}

// runResponse tells the engine how the program ended, in the official host's words.
func runResponse(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == exitAlreadyReported:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit) && !exit.Exited():
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program was ended by a signal: %v", exit)}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program could not be started: %v", err)}
	}
}
