package bridge

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// Kind is the type of an attribute's value.
type Kind int

// The kinds that the Talos resources use.
const (
	String Kind = iota
	Bool
	StringList
	Object
)

// Attribute describes one property as the provider's schema declares it.
type Attribute struct {
	// Terraform is the property's name in the provider, which its error texts use.
	Terraform string
	Kind      Kind
	// Attributes are the properties of an Object.
	Attributes Schema

	Required bool
	// Optional and Computed together: the provider fills it in when the program does not.
	Optional  bool
	Computed  bool
	Sensitive bool
	// WriteOnly values reach the provider with an operation and never become state.
	WriteOnly bool
	// Keep is the plan modifier UseStateForUnknown: an unknown plan value becomes the prior one.
	Keep bool
	// Default replaces a value that the program leaves out.
	Default *resource.PropertyValue
	// Validate refuses a known value; nil when it is fine.
	Validate func(value string) *Diagnostic
}

// Schema holds attributes by their Pulumi name.
type Schema map[resource.PropertyKey]*Attribute

// DefaultTo makes a default from a plain value.
func DefaultTo(value any) *resource.PropertyValue {
	property := resource.NewPropertyValue(value)

	return &property
}
