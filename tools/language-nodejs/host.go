package main

import (
	"context"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host answers the engine's language runtime calls. Calls it does not know answer Unimplemented.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	tracing string

	// stopped ends every program that runs, when the host itself is told to stop.
	stopped context.Context
	cancel  context.CancelFunc

	mu            sync.Mutex
	engineAddress string
}

func newHost(engineAddress, tracing string) *host {
	stopped, cancel := context.WithCancel(context.Background())
	return &host{engineAddress: engineAddress, tracing: tracing, stopped: stopped, cancel: cancel}
}

// Handshake is how an engine that attaches to a running host says where it is; a started host has it from its argument.
func (h *host) Handshake(
	_ context.Context, req *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.engineAddress = req.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) engine() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.engineAddress
}

// GetPluginInfo tells the engine the version of this host.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}
