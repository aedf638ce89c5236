package talos

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	resetKey    resource.PropertyKey = "reset"
	gracefulKey resource.PropertyKey = "graceful"
	rebootKey   resource.PropertyKey = "reboot"
)

func onDestroy() *bridge.Attribute {
	flag := func(name string, otherwise bool) *bridge.Attribute {
		return &bridge.Attribute{
			Terraform: name, Kind: bridge.Bool, Optional: true, Computed: true, Default: bridge.DefaultTo(otherwise),
		}
	}

	return object(optional("on_destroy"), bridge.Schema{
		resetKey:    flag("reset", false),
		gracefulKey: flag("graceful", true),
		rebootKey:   flag("reboot", false),
	})
}

// incompleteOnDestroy refuses an onDestroy that does not set all three flags: the real plugin reads them before it fills in
// their defaults, and fails on the first that is missing.
func incompleteOnDestroy(config resource.PropertyMap) bridge.Diagnostics {
	if !config[onDestroyKey].IsObject() {
		return nil
	}

	options := bridge.Nested(config, onDestroyKey)

	for _, key := range []resource.PropertyKey{resetKey, gracefulKey, rebootKey} {
		switch {
		case bridge.IsUnknown(options[key]):
			return unfit("on_destroy", string(key), "unknown", "Use the corresponding `types` package type or a custom type that "+
				"handles unknown values.", "Suggested Type: basetypes.BoolValue")
		case bridge.IsNull(options, key):
			return unfit("on_destroy", string(key), "null", "Use the corresponding `types` package type, a pointer type or a "+
				"custom type that handles null values.", "Suggested `types` Type: basetypes.BoolValue\nSuggested Pointer Type: *bool")
		}
	}

	return nil
}

func unfit(object, field, state, advice, suggestion string) bridge.Diagnostics {
	return bridge.Diagnostics{{
		Path:    []string{object, field},
		Summary: "Value Conversion Error",
		Detail: fmt.Sprintf("An unexpected error was encountered trying to build a value. This is always an error in the "+
			"provider. Please report the following to the provider developer:\n\n"+
			"Received %s value, however the target type cannot handle %s values. %s\n\n"+
			"Path: %s.%s\nTarget Type: bool\n%s", state, state, advice, object, field, suggestion),
	}}
}

// Delete touches no machine unless the stored state says onDestroy.reset: what the program says now does not count.
func (r configurationApply) Delete(ctx context.Context, state resource.PropertyMap) bridge.Diagnostics {
	options := bridge.Nested(state, onDestroyKey)
	if !bridge.Flag(options, resetKey) {
		return nil
	}

	values, problem := access(state)
	if problem != "" {
		return bridge.Errorf("Client configuration issue during destroy",
			"%s\n\nNote: If you're using client_configuration_wo (write-only), it's not available during destroy. "+
				"Use client_configuration instead if you need on_destroy.reset functionality.", problem)
	}

	target, err := newMachine(state, values)
	if err != nil {
		return bridge.Errorf("Error converting config to talos client config", "%s", err)
	}

	timeout, diagnostics := timeoutOf(state, "delete")
	if diagnostics.Failed() {
		return diagnostics
	}

	wanted := reset{
		graceful: bridge.Flag(options, gracefulKey),
		reboot:   bridge.Flag(options, rebootKey),
		timeout:  timeout,
	}

	if err := wanted.run(ctx, target); err != nil {
		return bridge.Errorf("Error resetting machine", "%s", err)
	}

	return nil
}
