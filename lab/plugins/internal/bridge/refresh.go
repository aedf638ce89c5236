package bridge

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Read answers a refresh with the state it was given (no Talos resource looks at its machine) and an import with what the
// resource makes of the id.
func (server *Server) Read(ctx context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	token, definition, err := server.resource(request.GetUrn())
	if err != nil {
		return nil, err
	}

	values, err := readAll(map[string]*structpb.Struct{"inputs": request.GetInputs(), "state": request.GetProperties()})
	if err != nil {
		return nil, err
	}

	state, refreshing := values["state"], len(values["state"]) > 0

	if refreshing {
		err = checkVersion(token, definition, state)
	} else {
		state, err = server.importState(ctx, request, definition)
	}

	if err != nil {
		return nil, err
	}

	id, stored, err := store(definition, state)
	if err != nil {
		return nil, err
	}

	properties, err := server.write("newState", stored)
	if err != nil {
		return nil, err
	}

	inputs, err := server.write("newInputs", inputsOf(definition.Schema(), values["inputs"], stored, refreshing))
	if err != nil {
		return nil, err
	}

	return &pulumirpc.ReadResponse{Id: id, Properties: properties, Inputs: inputs}, nil
}

func (server *Server) importState(
	ctx context.Context, request *pulumirpc.ReadRequest, definition Resource,
) (resource.PropertyMap, error) {
	importer, able := definition.(Importer)
	if !able {
		diagnostics := Errorf("Resource Import Not Implemented",
			"This resource does not support import. Please contact the provider developer for additional information.")
		server.report(ctx, request.GetUrn(), diagnostics)

		return nil, diagnostics.Err()
	}

	state, diagnostics := importer.Import(request.GetId())
	server.report(ctx, request.GetUrn(), diagnostics)

	if err := diagnostics.Err(); err != nil {
		return nil, err
	}

	if state == nil {
		return nil, fmt.Errorf("ImportResourceState failed to return a result")
	}

	return state, nil
}

// inputsOf brings the inputs in line with the state: a refresh keeps the inputs that were there, an import takes every
// property that a program could set.
func inputsOf(schema Schema, old, stored resource.PropertyMap, refreshing bool) resource.PropertyMap {
	inputs := resource.PropertyMap{}

	for key, attribute := range schema {
		value, found := stored[key]
		_, had := old[key]

		settable := key != idKey && (!attribute.Computed || attribute.Optional)
		if !found || refreshing && !had || !refreshing && !settable {
			continue
		}

		inputs[key] = value
	}

	return inputs
}
