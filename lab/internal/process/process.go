// Package process runs the lab's child programs (etcd, kube-apiserver) so that
// none of them outlives the lab, however the lab ends.
package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// restartDelay is the pause before a program that ended by itself is started again.
// Talos waits 5 s; the lab is in more of a hurry.
const restartDelay = time.Second

// killGrace is how long a program may take to end after SIGTERM.
const killGrace = 3 * time.Second

// Options say what to run.
type Options struct {
	// Path is the program.
	Path string
	// Arguments follow the program's name.
	Arguments []string
	// Environment is the whole environment, as KEY=value; nothing is inherited.
	Environment []string
	// Directory is the working directory.
	Directory string
	// Log gets standard output and standard error; nil drops them.
	Log io.Writer
}

// Process is a program kept running until Stop or Kill.
type Process struct {
	options Options
	stop    chan struct{}
	once    sync.Once
	done    chan struct{}

	mutex   sync.Mutex
	current *os.Process
	lastErr error
}

// Start runs the program and starts it again whenever it ends by itself.
// It fails when the program cannot be started the first time.
func Start(options Options) (*Process, error) {
	process := &Process{options: options, stop: make(chan struct{}), done: make(chan struct{})}
	started := make(chan error, 1)

	go process.supervise(started)

	if err := <-started; err != nil {
		return nil, err
	}

	return process, nil
}

// PID is the id of the running program, 0 while there is none.
func (process *Process) PID() int {
	process.mutex.Lock()
	defer process.mutex.Unlock()

	if process.current == nil {
		return 0
	}

	return process.current.Pid
}

// LastError says how the program ended the last time it ended by itself.
func (process *Process) LastError() error {
	process.mutex.Lock()
	defer process.mutex.Unlock()

	return process.lastErr
}

// Stop asks the program to end (SIGTERM), kills it when it takes too long, and waits for it.
func (process *Process) Stop() {
	process.end(syscall.SIGTERM)

	select {
	case <-process.done:
	case <-time.After(killGrace):
		process.Kill()
	}
}

// Kill ends the program at once (SIGKILL), as a power cut does, and waits for it.
func (process *Process) Kill() {
	process.end(syscall.SIGKILL)
	<-process.done
}

// Crash kills the program like an accident: it is started again after the usual pause.
func (process *Process) Crash() { process.signal(syscall.SIGKILL) }

func (process *Process) end(signal syscall.Signal) {
	process.once.Do(func() { close(process.stop) })
	process.signal(signal)
}

func (process *Process) signal(signal syscall.Signal) {
	process.mutex.Lock()
	defer process.mutex.Unlock()

	if process.current != nil {
		// An error means that it has just ended: nothing is left to signal.
		_ = process.current.Signal(signal)
	}
}

// supervise stays on one OS thread: the kernel sends Pdeathsig when the *thread* that
// started the child ends, and Go may end a thread under a child that is still needed.
func (process *Process) supervise(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(process.done)

	for first := true; ; first = false {
		command, err := process.spawn()
		if first {
			started <- err

			if err != nil {
				return
			}
		}

		if err == nil {
			err = process.wait(command)
		}

		select {
		case <-process.stop:
			return
		default:
		}

		process.record(err)

		select {
		case <-process.stop:
			return
		case <-time.After(restartDelay):
		}
	}
}

func (process *Process) spawn() (*exec.Cmd, error) {
	command := exec.Command(process.options.Path, process.options.Arguments...)
	command.Env = process.options.Environment
	command.Dir = process.options.Directory
	command.Stdout = process.options.Log
	command.Stderr = process.options.Log
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}

	process.mutex.Lock()
	defer process.mutex.Unlock()

	select {
	case <-process.stop:
		return nil, errors.New("stopped before it was started")
	default:
	}

	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s cannot be started: %w", process.options.Path, err)
	}

	process.current = command.Process

	return command, nil
}

func (process *Process) wait(command *exec.Cmd) error {
	err := command.Wait()

	process.mutex.Lock()
	process.current = nil
	process.mutex.Unlock()

	if err == nil {
		err = errors.New("exit status 0")
	}

	return fmt.Errorf("%s ended: %w", process.options.Path, err)
}

func (process *Process) record(err error) {
	process.mutex.Lock()
	process.lastErr = err
	process.mutex.Unlock()

	if process.options.Log != nil {
		fmt.Fprintf(process.options.Log, "%v. It is started again in %s.\n", err, restartDelay)
	}
}
