package talos

import (
	"context"

	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// bootstrap starts etcd once, on create. Against a cluster that already runs it fails, after all of its time: "already
// exists" is tried again like any other error.
type bootstrap struct{}

func (r bootstrap) Schema() bridge.Schema {
	return bridge.WithID(true, bridge.Schema{
		nodeKey:          required("node"),
		endpointKey:      endpoint(),
		clientKey:        clientConfiguration(optional("client_configuration"), required),
		clientOnWriteKey: onWrite(clientConfiguration(optional("client_configuration_wo"), required)),
		timeoutsKey:      timeouts("create"),
	})
}

func (r bootstrap) SchemaVersion() int { return 1 }

func (r bootstrap) Validate(config resource.PropertyMap) bridge.Diagnostics {
	return exactlyOne(config, clientKey, clientOnWriteKey, "client configuration", "client_configuration")
}

func (r bootstrap) ModifyPlan(_ context.Context, plan *bridge.Plan) bridge.Diagnostics {
	if !addressesUnknown(plan) {
		fillEndpoint(plan)
	}

	return nil
}

func (r bootstrap) Create(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	target, diagnostics := connect(plan.Planned, plan.Config)
	if diagnostics.Failed() {
		return nil, diagnostics
	}

	timeout, diagnostics := timeoutOf(plan.Planned, "create")
	if diagnostics.Failed() {
		return nil, diagnostics
	}

	if err := retry(ctx, timeout, func() error {
		return target.do(ctx, func(ctx context.Context, client *client.Client) error {
			return client.Bootstrap(ctx, &machineapi.BootstrapRequest{})
		})
	}); err != nil {
		return nil, bridge.Errorf("Error bootstrapping node", "%s", err)
	}

	state := plan.Planned.Copy()
	state[idKey] = resource.NewStringProperty("machine_bootstrap")

	return state, nil
}

// Update touches nothing, whatever changed.
func (r bootstrap) Update(_ context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	return plan.Planned.Copy(), nil
}

func (r bootstrap) Delete(context.Context, resource.PropertyMap) bridge.Diagnostics { return nil }

// Import takes any id, looks at nothing, and fails: its state has timeouts without a value, which the bridge cannot store.
func (r bootstrap) Import(string) (resource.PropertyMap, bridge.Diagnostics) {
	return resource.PropertyMap{
		idKey:       resource.NewStringProperty("machine_bootstrap"),
		timeoutsKey: resource.NewObjectProperty(resource.PropertyMap{}),
	}, nil
}
