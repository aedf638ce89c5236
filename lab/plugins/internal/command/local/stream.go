package local

import (
	"bufio"
	"context"
	"io"

	provider "github.com/pulumi/pulumi-go-provider"
)

// stream shows a command's output line by line while it runs. A line over 64 KiB ends the scanner, and then nobody reads the
// pipe any more: the command hangs on its next write. The real plugin has the same fault, and steps must not be able to pass
// here and hang there.
type stream struct {
	writer *io.PipeWriter
	done   chan struct{}
}

func newStream(ctx context.Context) *stream {
	reader, writer := io.Pipe()
	shown := &stream{writer: writer, done: make(chan struct{})}

	go func() {
		defer close(shown.done)

		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			provider.GetLogger(ctx).InfoStatus(lines.Text())
		}
	}()

	return shown
}

func (shown *stream) close() {
	_ = shown.writer.Close()

	<-shown.done
}
