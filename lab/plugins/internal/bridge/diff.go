package bridge

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/contract"
)

// Diff plans and names the top-level properties that change, computed ones too. It gives no detailed diff: the engine then
// shows the inputs' own differences.
func (server *Server) Diff(ctx context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	plan, diagnostics, err := server.plan(ctx, planRequest{
		urn: request.GetUrn(), news: request.GetNews(), olds: request.GetOlds(), ignored: request.GetIgnoreChanges(),
	})
	if err != nil {
		return nil, err
	}

	server.report(ctx, request.GetUrn(), diagnostics)

	response := &pulumirpc.DiffResponse{
		Changes:  pulumirpc.DiffResponse_DIFF_NONE,
		Diffs:    plan.changed(),
		Replaces: plan.replaced(),
	}
	if len(response.Diffs) > 0 {
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
	}

	return response, nil
}

// ignoreChanges puts the stored values back where the program said that changes do not count.
func ignoreChanges(prior, config resource.PropertyMap, paths []string) (resource.PropertyMap, error) {
	if len(paths) == 0 {
		return config, nil
	}

	parsed := make([]resource.PropertyPath, 0, len(paths))

	for _, text := range paths {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return nil, err
		}

		parsed = append(parsed, path)
	}

	changed := config.Copy()
	for _, path := range parsed {
		reset := path.Reset(prior, changed)
		contract.Ignore(reset)
	}

	return changed, nil
}
