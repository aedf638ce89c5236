package talos

import (
	"context"
	"strings"

	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	applyModeKey    resource.PropertyKey = "applyMode"
	resolvedModeKey resource.PropertyKey = "resolvedApplyMode"
	inputKey        resource.PropertyKey = "machineConfigurationInput"
	inputOnWriteKey resource.PropertyKey = "machineConfigurationInputWo"
	patchesKey      resource.PropertyKey = "configPatches"
	renderedKey     resource.PropertyKey = "machineConfiguration"
	hashKey         resource.PropertyKey = "machineConfigurationHash"
	onDestroyKey    resource.PropertyKey = "onDestroy"
)

// configurationApply renders a machine's configuration and sends it, the same way for a first apply and a later one.
type configurationApply struct{}

func (r configurationApply) Schema() bridge.Schema {
	mode := &bridge.Attribute{
		Terraform: "apply_mode", Optional: true, Computed: true,
		Default:  bridge.DefaultTo("auto"),
		Validate: oneOf("apply_mode", "auto", "reboot", "no_reboot", "staged", stagedIfNeedingReboot),
	}
	rendered := secret(computed("machine_configuration"))
	rendered.Keep = true

	hash := computed("machine_configuration_hash")
	hash.Keep = true

	return bridge.WithID(true, bridge.Schema{
		applyModeKey:     mode,
		resolvedModeKey:  computed("resolved_apply_mode"),
		nodeKey:          required("node"),
		endpointKey:      endpoint(),
		clientKey:        clientConfiguration(optional("client_configuration"), required),
		clientOnWriteKey: onWrite(clientConfiguration(optional("client_configuration_wo"), required)),
		inputKey:         secret(optional("machine_configuration_input")),
		inputOnWriteKey:  onWrite(optional("machine_configuration_input_wo")),
		onDestroyKey:     onDestroy(),
		renderedKey:      rendered,
		hashKey:          hash,
		patchesKey:       texts(optional("config_patches")),
		timeoutsKey:      timeouts("create", "update", "delete"),
	})
}

func onWrite(attribute *bridge.Attribute) *bridge.Attribute {
	attribute.WriteOnly = true

	return attribute
}

func (r configurationApply) SchemaVersion() int { return 1 }

func (r configurationApply) Validate(config resource.PropertyMap) bridge.Diagnostics {
	if diagnostics := incompleteOnDestroy(config); diagnostics.Failed() {
		return diagnostics
	}

	return append(
		exactlyOne(config, inputKey, inputOnWriteKey, "machine configuration input", "machine_configuration_input"),
		exactlyOne(config, clientKey, clientOnWriteKey, "client configuration", "client_configuration")...,
	)
}

func (r configurationApply) Create(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	return r.apply(ctx, plan, "create")
}

func (r configurationApply) Update(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	return r.apply(ctx, plan, "update")
}

// apply sends the configuration and returns as soon as the machine took it: a machine that reboots on it is not waited for.
func (r configurationApply) apply(
	ctx context.Context, plan *bridge.Plan, operation resource.PropertyKey,
) (resource.PropertyMap, bridge.Diagnostics) {
	target, diagnostics := connect(plan.Planned, plan.Config)
	if diagnostics.Failed() {
		return nil, diagnostics
	}

	timeout, diagnostics := timeoutOf(plan.Planned, operation)
	if diagnostics.Failed() {
		return nil, diagnostics
	}

	rendered := bridge.Text(plan.Planned, renderedKey)
	if bridge.IsNull(plan.Planned, renderedKey) && !bridge.IsNull(plan.Config, inputOnWriteKey) {
		content, problem := render(plan.Config)
		if problem != nil {
			return nil, bridge.Errorf("Error computing machine configuration", "%s", problem.err)
		}

		rendered = string(content)
	}

	request := &machineapi.ApplyConfigurationRequest{Mode: effectiveMode(plan.Planned), Data: []byte(rendered)}

	if err := retry(ctx, timeout, func() error {
		return target.do(ctx, func(ctx context.Context, client *client.Client) error {
			_, err := client.ApplyConfiguration(ctx, request)

			return err
		})
	}); err != nil {
		return nil, bridge.Errorf("Error applying configuration", "%s", err)
	}

	state := plan.Planned.Copy()
	state[idKey] = resource.NewStringProperty("machine_configuration_apply")

	return state, nil
}

// effectiveMode is the resolved mode, else the asked one. A mode that the API does not know becomes 0, which is REBOOT: the
// real plugin's lookup misses in the same way.
func effectiveMode(state resource.PropertyMap) machineapi.ApplyConfigurationRequest_Mode {
	mode := bridge.Text(state, resolvedModeKey)
	if mode == "" {
		mode = bridge.Text(state, applyModeKey)
	}

	return machineapi.ApplyConfigurationRequest_Mode(machineapi.ApplyConfigurationRequest_Mode_value[strings.ToUpper(mode)])
}
