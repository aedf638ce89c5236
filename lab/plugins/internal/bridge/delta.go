package bridge

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// timeoutsKey is left out of the delta when a resource has none: the bridge adds that attribute itself.
const timeoutsKey resource.PropertyKey = "timeouts"

// delta records what is lost between a Terraform state and its Pulumi form. The real plugin refuses a state whose delta does
// not fit, and reads one without it only approximately: with it, a stack can move between the stand-in and the real plugin.
func (schema Schema) delta(state resource.PropertyMap) resource.PropertyValue {
	properties := resource.PropertyMap{}

	for key, attribute := range schema {
		value, found := state[key]
		missing := !found || value.IsNull()

		switch {
		case missing && key == timeoutsKey:
		case missing:
			properties[key] = resource.MakeSecret(wrap("replace", resource.PropertyMap{"raw": resource.NewNullProperty()}))
		case key == timeoutsKey:
			properties[key] = wrap("obj", resource.PropertyMap{})
		case attribute.Kind == Object:
			properties[key] = attribute.Attributes.delta(value.ObjectValue())
		case attribute.Kind == StringList:
			properties[key] = wrap("arr", resource.PropertyMap{})
		}
	}

	object := resource.PropertyMap{}
	if len(properties) > 0 {
		object["ps"] = resource.NewObjectProperty(properties)
	}

	return wrap("obj", object)
}

func wrap(key resource.PropertyKey, values resource.PropertyMap) resource.PropertyValue {
	return resource.NewObjectProperty(resource.PropertyMap{key: resource.NewObjectProperty(values)})
}
