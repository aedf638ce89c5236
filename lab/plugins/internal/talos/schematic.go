package talos

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const schematicKey resource.PropertyKey = "schematic"

// schematicResource registers a schematic with the image factory; the factory's id is its id.
type schematicResource struct {
	factory *factory
}

func (r schematicResource) Schema() bridge.Schema {
	return bridge.WithID(false, bridge.Schema{schematicKey: optional("schematic")})
}

func (r schematicResource) SchemaVersion() int { return 0 }

func (r schematicResource) Validate(resource.PropertyMap) bridge.Diagnostics { return nil }

func (r schematicResource) ModifyPlan(context.Context, *bridge.Plan) bridge.Diagnostics { return nil }

func (r schematicResource) Create(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	return r.register(ctx, plan, "create")
}

func (r schematicResource) Update(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	return r.register(ctx, plan, "update")
}

func (r schematicResource) Delete(context.Context, resource.PropertyMap) bridge.Diagnostics {
	return nil
}

func (r schematicResource) register(
	ctx context.Context, plan *bridge.Plan, verb string,
) (resource.PropertyMap, bridge.Diagnostics) {
	content, err := canonicalSchematic([]byte(bridge.Text(plan.Planned, schematicKey)))
	if err != nil {
		return nil, bridge.Errorf("failed to unmarshal schematic", "%s", err)
	}

	id, err := r.factory.register(ctx, content)
	if err != nil {
		return nil, bridge.Errorf("failed to "+verb+" schematic", "%s", err)
	}

	state := plan.Planned.Copy()
	state[idKey] = resource.NewStringProperty(id)

	return state, nil
}
