package bridge

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// Unknown is the value of an output that is not there yet.
func Unknown() resource.PropertyValue {
	return resource.MakeComputed(resource.NewStringProperty(""))
}

// IsUnknown tells whether the value itself (not one inside it) is unknown.
func IsUnknown(value resource.PropertyValue) bool {
	return value.IsComputed() || value.IsOutput() && !value.OutputValue().Known
}

// IsNull tells whether the program or the provider left the property out.
func IsNull(values resource.PropertyMap, key resource.PropertyKey) bool {
	value, found := values[key]

	return !found || value.IsNull()
}

// Text is the string at key; empty when it is missing, unknown or no string, as in the provider.
func Text(values resource.PropertyMap, key resource.PropertyKey) string {
	if value, found := values[key]; found && value.IsString() {
		return value.StringValue()
	}

	return ""
}

// Flag is the boolean at key, false when it is missing.
func Flag(values resource.PropertyMap, key resource.PropertyKey) bool {
	value, found := values[key]

	return found && value.IsBool() && value.BoolValue()
}

// Nested is the object at key, empty when it is missing or unknown.
func Nested(values resource.PropertyMap, key resource.PropertyKey) resource.PropertyMap {
	if value, found := values[key]; found && value.IsObject() {
		return value.ObjectValue()
	}

	return resource.PropertyMap{}
}

// Texts are the strings of the list at key. known is false when the list or an element of it is unknown; nulls are skipped.
func Texts(values resource.PropertyMap, key resource.PropertyKey) (texts []string, known bool) {
	list, found := values[key]
	if !found || list.IsNull() {
		return nil, true
	}

	if !list.IsArray() {
		return nil, false
	}

	for _, element := range list.ArrayValue() {
		switch {
		case IsUnknown(element):
			return nil, false
		case element.IsString():
			texts = append(texts, element.StringValue())
		}
	}

	return texts, true
}

// pick keeps the properties the schema knows and that have a value: everything else has no place in the provider.
func (schema Schema) pick(values resource.PropertyMap) resource.PropertyMap {
	picked := resource.PropertyMap{}

	for key, attribute := range schema {
		value, found := values[key]
		if !found || value.IsNull() {
			continue
		}

		if attribute.Kind == Object && value.IsObject() {
			value = resource.NewObjectProperty(attribute.Attributes.pick(value.ObjectValue()))
		}

		picked[key] = value
	}

	return picked
}
