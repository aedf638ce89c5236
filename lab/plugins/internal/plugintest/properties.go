package plugintest

import (
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// options keep everything that may travel, so that a test sees what the plugin sent.
var options = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true}

// Wire turns properties into their form on the wire.
func Wire(t *testing.T, properties resource.PropertyMap) *structpb.Struct {
	t.Helper()

	wire, err := plugin.MarshalProperties(properties, options)
	if err != nil {
		t.Fatal(err)
	}

	return wire
}

// Read turns an answer into properties, secrets and unknown values kept.
func Read(t *testing.T, wire *structpb.Struct) resource.PropertyMap {
	t.Helper()

	properties, err := plugin.UnmarshalProperties(wire, options)
	if err != nil {
		t.Fatal(err)
	}

	return properties
}

// Properties makes properties of plain Go values; values that are properties already stay.
func Properties(values map[string]any) resource.PropertyMap {
	properties := resource.PropertyMap{}

	for key, value := range values {
		if property, ok := value.(resource.PropertyValue); ok {
			properties[resource.PropertyKey(key)] = property
		} else {
			properties[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
		}
	}

	return properties
}

// With is a copy of properties in which some are replaced; a nil value leaves one out.
func With(properties resource.PropertyMap, changes map[string]any) resource.PropertyMap {
	changed := properties.Copy()

	for key, value := range changes {
		delete(changed, resource.PropertyKey(key))

		if value != nil {
			changed[resource.PropertyKey(key)] = Properties(map[string]any{key: value})[resource.PropertyKey(key)]
		}
	}

	return changed
}

// Unknown is the value of an output that is not there yet.
func Unknown() resource.PropertyValue {
	return resource.MakeComputed(resource.NewStringProperty(""))
}

// Plain drops every secret mark, as the engine does for a plugin that accepts none.
func Plain(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsSecret():
		return Plain(value.SecretValue().Element)
	case value.IsObject():
		plain := resource.PropertyMap{}
		for key, inner := range value.ObjectValue() {
			plain[key] = Plain(inner)
		}

		return resource.NewObjectProperty(plain)
	case value.IsArray():
		plain := []resource.PropertyValue{}
		for _, inner := range value.ArrayValue() {
			plain = append(plain, Plain(inner))
		}

		return resource.NewArrayProperty(plain)
	}

	return value
}
