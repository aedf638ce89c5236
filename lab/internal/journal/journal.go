// Package journal keeps what a machine's services and kernel wrote since boot.
package journal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// retained bounds every log; Talos keeps about 1 MiB a service.
const retained = 5000

// Journal is the set of logs of one boot.
type Journal struct {
	mu   sync.Mutex
	logs map[string]*Log

	// Kernel is the kernel log (dmesg).
	Kernel *Log
}

// New returns an empty journal.
func New() *Journal {
	return &Journal{logs: map[string]*Log{}, Kernel: newLog()}
}

// Service returns the log of a service, created at first use.
func (journal *Journal) Service(id string) *Log {
	journal.mu.Lock()
	defer journal.mu.Unlock()

	log, exists := journal.logs[id]
	if !exists {
		log = newLog()
		journal.logs[id] = log
	}

	return log
}

// Writer returns a writer to a service's log that makes the log only when something is written.
func (journal *Journal) Writer(id string) io.Writer { return lazy{journal, id} }

type lazy struct {
	journal *Journal
	id      string
}

// Write implements io.Writer.
func (lazy lazy) Write(data []byte) (int, error) { return lazy.journal.Service(lazy.id).Write(data) }

// IDs returns the services that have a log.
func (journal *Journal) IDs() []string {
	journal.mu.Lock()
	defer journal.mu.Unlock()

	return slices.Sorted(maps.Keys(journal.logs))
}

// Talos writes one line of machined: to its own log and, as machined does, to the kernel log.
func (journal *Journal) Talos(format string, arguments ...any) {
	message := fmt.Sprintf(format, arguments...)

	journal.Service("machined").Printf("%s [talos] %s", time.Now().UTC().Format("2006/01/02 15:04:05.000000"), message)
	journal.kernel("user", "warning", "[talos] "+message)
}

// KernelMessage writes one line of the kernel itself.
func (journal *Journal) KernelMessage(format string, arguments ...any) {
	journal.kernel("kern", "info", fmt.Sprintf(format, arguments...))
}

func (journal *Journal) kernel(facility, priority, message string) {
	journal.Kernel.Printf("%s: %7s: [%s]: %s", facility, priority, time.Now().UTC().Format(time.RFC3339Nano), message)
}

// Log is one log: lines, the oldest dropped.
type Log struct {
	mu      sync.Mutex
	lines   [][]byte
	first   int
	partial []byte
	changed chan struct{}
}

func newLog() *Log {
	return &Log{changed: make(chan struct{})}
}

// Printf appends a line.
func (log *Log) Printf(format string, arguments ...any) {
	fmt.Fprintf(log, format+"\n", arguments...) //nolint:errcheck
}

// Write implements io.Writer; lines are split at newlines.
func (log *Log) Write(data []byte) (int, error) {
	log.mu.Lock()
	defer log.mu.Unlock()

	log.partial = append(log.partial, data...)

	for {
		index := bytes.IndexByte(log.partial, '\n')
		if index < 0 {
			break
		}

		log.lines = append(log.lines, bytes.Clone(log.partial[:index+1]))
		log.partial = log.partial[index+1:]
	}

	if overflow := len(log.lines) - retained; overflow > 0 {
		log.lines = append([][]byte(nil), log.lines[overflow:]...)
		log.first += overflow
	}

	close(log.changed)
	log.changed = make(chan struct{})

	return len(data), nil
}

// Options say what to read. TailLines below zero means everything.
type Options struct {
	Follow    bool
	TailLines int
}

// Read calls send for every line asked for; with Follow it ends with ctx.
func (log *Log) Read(ctx context.Context, options Options, send func([]byte) error) error {
	log.mu.Lock()

	position := log.first
	if options.TailLines >= 0 {
		position += max(0, len(log.lines)-options.TailLines)
	}

	log.mu.Unlock()

	for {
		log.mu.Lock()
		position = max(position, log.first)
		pending := slices.Clone(log.lines[position-log.first:])
		changed := log.changed
		log.mu.Unlock()

		for _, line := range pending {
			if err := send(line); err != nil {
				return err
			}
		}

		position += len(pending)

		if len(pending) > 0 {
			continue
		}

		if !options.Follow {
			return nil
		}

		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}
