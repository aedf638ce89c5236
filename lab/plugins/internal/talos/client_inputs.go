package talos

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// chosen takes the write-only value where there is one. Write-only values are in the configuration, never in a plan.
func chosen(config resource.PropertyMap, plain, onWrite resource.PropertyKey) (resource.PropertyValue, bool) {
	if value, found := config[onWrite]; found && !bridge.IsUnknown(value) {
		return value, true
	}

	value, found := config[plain]

	return value, found
}

// exactlyOne wants a value in one of its two forms.
func exactlyOne(config resource.PropertyMap, plain, onWrite resource.PropertyKey, what, name string) bridge.Diagnostics {
	_, plainGiven := config[plain]
	_, onWriteGiven := config[onWrite]

	switch {
	case plainGiven && onWriteGiven:
		return bridge.Errorf("Conflicting "+what, "Only one of %s or %s_wo can be set, not both", name, name)
	case !plainGiven && !onWriteGiven:
		return bridge.Errorf("Missing "+what, "Exactly one of %s or %s_wo must be set", name, name)
	}

	return nil
}

// access finds the client configuration an operation uses; problem says why there is none.
func access(config resource.PropertyMap) (values resource.PropertyMap, problem string) {
	if value, found := config[clientOnWriteKey]; found && bridge.IsUnknown(value) {
		return nil, "client_configuration_wo is still unknown (ephemeral value not yet resolved)"
	}

	value, found := chosen(config, clientKey, clientOnWriteKey)

	switch {
	case !found:
		return nil, "both client_configuration and client_configuration_wo are null"
	case !value.IsObject():
		return nil, "client configuration is unknown"
	}

	return value.ObjectValue(), ""
}

// connect prepares an operation on the machine of a state, with the client configuration of config.
func connect(state, config resource.PropertyMap) (machine, bridge.Diagnostics) {
	values, problem := access(config)
	if problem != "" {
		return machine{}, bridge.Errorf("Client configuration issue", "%s", problem)
	}

	target, err := newMachine(state, values)
	if err != nil {
		return machine{}, bridge.Errorf("Error converting config to talos client config", "%s", err)
	}

	return target, nil
}
