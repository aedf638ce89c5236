package bridge

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Options describe a plugin.
type Options struct {
	Name    string
	Version string
	// PackageSchema is the answer to GetSchema.
	PackageSchema string
	Resources     map[string]Resource
	Functions     map[string]Function
	// Configure receives the provider's own configuration; it may be nil.
	Configure func(config resource.PropertyMap) Diagnostics
	Log       Log
}

// Server answers the engine for one plugin process.
type Server struct {
	pulumirpc.UnimplementedResourceProviderServer

	options       Options
	log           Log
	keepSecrets   bool
	keepResources bool
}

// NewServer makes a server from its resources and functions.
func NewServer(options Options) *Server {
	return &Server{options: options, log: options.Log}
}

// GetSchema answers with the package's schema.
func (server *Server) GetSchema(context.Context, *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	return &pulumirpc.GetSchemaResponse{Schema: server.options.PackageSchema}, nil
}

// GetPluginInfo answers with the plugin's version.
func (server *Server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: server.options.Version}, nil
}

// Attach connects a plugin that was started by hand to an engine.
func (server *Server) Attach(_ context.Context, request *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	host, err := provider.NewHostClient(request.GetAddress())
	if err != nil {
		return nil, err
	}

	server.log = host

	return &emptypb.Empty{}, nil
}

// CheckConfig accepts the provider's configuration as it is.
func (server *Server) CheckConfig(_ context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: request.GetNews()}, nil
}

// DiffConfig never asks for a new provider.
func (server *Server) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
}

// Configure hands the configuration on and agrees with the engine on what may travel.
func (server *Server) Configure(ctx context.Context, request *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	config, err := read("args", request.GetArgs())
	if err != nil {
		return nil, fmt.Errorf("Configure failed to unmarshal args: %w", err) //nolint:staticcheck // the bridge's text
	}

	if server.options.Configure != nil {
		diagnostics := server.options.Configure(config)
		server.report(ctx, "", diagnostics)

		if err := diagnostics.Err(); err != nil {
			return nil, err
		}
	}

	server.keepSecrets = request.GetAcceptSecrets()
	server.keepResources = request.GetAcceptResources()

	return &pulumirpc.ConfigureResponse{
		SupportsPreview:                 true,
		AcceptResources:                 true,
		SupportsAutonamingConfiguration: true,
	}, nil
}

// Cancel does nothing, as in the bridge: an operation under way goes on until it ends or the engine kills the plugin.
func (server *Server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (server *Server) resource(name string) (string, Resource, error) {
	token := string(urn.URN(name).Type())

	definition, found := server.options.Resources[token]
	if !found {
		return "", nil, fmt.Errorf("[pf/tfbridge] unknown resource token: %s", token)
	}

	return token, definition, nil
}
