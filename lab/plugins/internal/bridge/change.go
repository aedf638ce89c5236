package bridge

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

type planRequest struct {
	urn        string
	news, olds *structpb.Struct
	ignored    []string
}

// plan merges, computes and lets the resource fill in; warnings come back beside the plan, errors as the error.
func (server *Server) plan(ctx context.Context, request planRequest) (*Plan, Diagnostics, error) {
	token, definition, err := server.resource(request.urn)
	if err != nil {
		return nil, nil, err
	}

	values, err := readAll(map[string]*structpb.Struct{"inputs": request.news, "state": request.olds})
	if err != nil {
		return nil, nil, err
	}

	config, prior := values["inputs"], values["state"]

	if request.olds == nil {
		prior = nil
	} else if err := checkVersion(token, definition, prior); err != nil {
		return nil, nil, err
	}

	if config, err = ignoreChanges(prior, config, request.ignored); err != nil {
		return nil, nil, fmt.Errorf("failed to apply ignore changes: %w", err)
	}

	plan := definition.Schema().newPlan(config, prior)
	diagnostics := definition.ModifyPlan(ctx, plan)

	return plan, diagnostics, diagnostics.planErr()
}

// Create plans once more and, unless it is a preview, makes the resource.
func (server *Server) Create(ctx context.Context, request *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	plan, diagnostics, err := server.plan(ctx, planRequest{urn: request.GetUrn(), news: request.GetProperties()})
	if err != nil {
		return nil, err
	}

	server.report(ctx, request.GetUrn(), diagnostics)

	_, definition, err := server.resource(request.GetUrn())
	if err != nil {
		return nil, err
	}

	if request.GetPreview() {
		properties, err := server.write("newState", definition.Schema().markSecrets(plan.Planned))

		return &pulumirpc.CreateResponse{Properties: properties}, err
	}

	state, diagnostics := definition.Create(ctx, plan)
	server.report(ctx, request.GetUrn(), diagnostics)

	if err := diagnostics.Err(); err != nil {
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

	return &pulumirpc.CreateResponse{Id: id, Properties: properties}, nil
}

// Update plans once more and, unless it is a preview, changes the resource. The bridge shows no warning of this plan.
func (server *Server) Update(ctx context.Context, request *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	plan, _, err := server.plan(ctx, planRequest{
		urn: request.GetUrn(), news: request.GetNews(), olds: request.GetOlds(), ignored: request.GetIgnoreChanges(),
	})
	if err != nil {
		return nil, err
	}

	_, definition, err := server.resource(request.GetUrn())
	if err != nil {
		return nil, err
	}

	if request.GetPreview() {
		properties, err := server.write("newState", definition.Schema().markSecrets(plan.Planned))

		return &pulumirpc.UpdateResponse{Properties: properties}, err
	}

	state, diagnostics := definition.Update(ctx, plan)
	server.report(ctx, request.GetUrn(), diagnostics)

	if err := diagnostics.Err(); err != nil {
		return nil, err
	}

	_, stored, err := store(definition, state)
	if err != nil {
		return nil, err
	}

	properties, err := server.write("newState", stored)
	if err != nil {
		return nil, err
	}

	return &pulumirpc.UpdateResponse{Properties: properties}, nil
}

// Delete lets the resource go; most of them only leave the state.
func (server *Server) Delete(ctx context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	_, definition, err := server.resource(request.GetUrn())
	if err != nil {
		return nil, err
	}

	state, err := read("outputs", request.GetProperties())
	if err != nil {
		return nil, err
	}

	diagnostics := definition.Delete(ctx, definition.Schema().pick(state))
	server.report(ctx, request.GetUrn(), diagnostics)

	if err := diagnostics.Err(); err != nil {
		return nil, err
	}

	return &emptypb.Empty{}, nil
}
