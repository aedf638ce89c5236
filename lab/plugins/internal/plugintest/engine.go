// Package plugintest plays the engine's part in tests of the plugins.
package plugintest

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
)

// Line is one message that a plugin sent to the engine's log.
type Line struct {
	Severity pulumirpc.LogSeverity
	Status   bool
	Text     string
}

// Engine keeps what plugins log.
type Engine struct {
	pulumirpc.UnimplementedEngineServer

	lock  sync.Mutex
	lines []Line
}

// StartEngine serves an engine on loopback until the test ends, and gives the client that a plugin uses.
func StartEngine(t *testing.T) (*Engine, *provider.HostClient) {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	engine := &Engine{}
	server := grpc.NewServer()
	pulumirpc.RegisterEngineServer(server, engine)

	go server.Serve(listener) //nolint:errcheck // ends with the test

	t.Cleanup(server.Stop)

	host, err := provider.NewHostClient(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}

	return engine, host
}

// Log keeps a line; debug lines are nobody's business.
func (engine *Engine) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	if request.GetSeverity() != pulumirpc.LogSeverity_DEBUG {
		engine.lock.Lock()
		defer engine.lock.Unlock()

		engine.lines = append(engine.lines, Line{
			Severity: request.GetSeverity(), Status: request.GetEphemeral(), Text: request.GetMessage(),
		})
	}

	return &emptypb.Empty{}, nil
}

// Lines are the messages so far.
func (engine *Engine) Lines() []Line {
	engine.lock.Lock()
	defer engine.lock.Unlock()

	return slices.Clone(engine.lines)
}
