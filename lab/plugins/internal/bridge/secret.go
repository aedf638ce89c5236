package bridge

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// markInputs wraps every sensitive leaf of what a program gave, one that is still unknown too. Only leaves: the program's SDK
// lifts a nested secret to the whole output.
func (schema Schema) markInputs(values resource.PropertyMap) resource.PropertyMap {
	return schema.mark(values, func(resource.PropertyValue) bool { return true })
}

// markSecrets wraps every sensitive leaf of a state; what is unknown in a plan stays as it is.
func (schema Schema) markSecrets(values resource.PropertyMap) resource.PropertyMap {
	return schema.mark(values, func(value resource.PropertyValue) bool { return !IsUnknown(value) })
}

func (schema Schema) mark(values resource.PropertyMap, wanted func(resource.PropertyValue) bool) resource.PropertyMap {
	marked := resource.PropertyMap{}

	for key, value := range values {
		attribute, known := schema[key]

		switch {
		case !known || value.IsNull():
		case attribute.Sensitive && wanted(value):
			value = resource.MakeSecret(value)
		case attribute.Kind == Object && value.IsObject():
			value = resource.NewObjectProperty(attribute.Attributes.mark(value.ObjectValue(), wanted))
		}

		marked[key] = value
	}

	return marked
}
