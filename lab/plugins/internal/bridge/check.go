package bridge

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Check validates what the program gave. No default is filled in: the provider does that while it plans.
func (server *Server) Check(ctx context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	_, definition, err := server.resource(request.GetUrn())
	if err != nil {
		return nil, err
	}

	inputs, err := read("inputs", request.GetNews())
	if err != nil {
		return nil, err
	}

	schema := definition.Schema()
	config := schema.pick(inputs)

	diagnostics := append(definition.Validate(config), schema.validate(config, nil)...)

	failures, others := schema.split(urn.URN(request.GetUrn()).Name(), diagnostics)
	server.report(ctx, request.GetUrn(), others)

	if err := others.Err(); err != nil {
		return nil, err
	}

	checked, err := server.write("newInputs", schema.markInputs(inputs))
	if err != nil {
		return nil, err
	}

	return &pulumirpc.CheckResponse{Inputs: checked, Failures: failures}, nil
}

// split tells failures of a property from messages about the whole: the engine shows the first kind per property.
func (schema Schema) split(name string, diagnostics Diagnostics) ([]*pulumirpc.CheckFailure, Diagnostics) {
	var (
		failures []*pulumirpc.CheckFailure
		others   Diagnostics
	)

	for _, diagnostic := range diagnostics {
		if diagnostic.Severity != Error || len(diagnostic.Path) == 0 {
			others = append(others, diagnostic)

			continue
		}

		failures = append(failures, &pulumirpc.CheckFailure{Reason: schema.reason(name, diagnostic)})
	}

	return failures, others
}

func (schema Schema) reason(name string, diagnostic Diagnostic) string {
	path := schema.pulumiPath(diagnostic.Path)
	if diagnostic.Summary == missingSummary {
		return fmt.Sprintf("Missing required property '%s'", path)
	}

	text := diagnostic.Summary
	if diagnostic.Detail != "" {
		text += ". " + diagnostic.Detail
	}

	return fmt.Sprintf("%s. Examine values at '%s.%s'.", text, name, path)
}
