package bridge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const missingSummary = "Missing Configuration for Required Attribute"

// validate finds missing and refused values, attribute by attribute. path leads to the object that holds them.
func (schema Schema) validate(config resource.PropertyMap, path []string) Diagnostics {
	var diagnostics Diagnostics

	for _, key := range schema.keys() {
		attribute := schema[key]
		here := append(slices.Clone(path), attribute.Terraform)

		for _, diagnostic := range attribute.refuse(config[key], here) {
			if !diagnostic.Whole {
				diagnostic.Path = here
			}

			diagnostics = append(diagnostics, diagnostic)
		}

		if attribute.Kind == Object && config[key].IsObject() {
			diagnostics = append(diagnostics, attribute.Attributes.validate(config[key].ObjectValue(), here)...)
		}
	}

	return diagnostics
}

func (attribute *Attribute) refuse(value resource.PropertyValue, path []string) Diagnostics {
	switch {
	case value.IsNull() && attribute.Required:
		return Diagnostics{{
			Summary: missingSummary,
			Detail: fmt.Sprintf("Must set a configuration value for the %s attribute as the provider has marked it as required.\n\n"+
				"Refer to the provider documentation or contact the provider developers for additional information about "+
				"configurable attributes that are required.", dotted(path)),
		}}
	case attribute.Validate != nil && value.IsString():
		if refused := attribute.Validate(value.StringValue()); refused != nil {
			return Diagnostics{*refused}
		}
	}

	return nil
}

func (schema Schema) keys() []resource.PropertyKey {
	names := resource.PropertyMap{}
	for key := range schema {
		names[key] = resource.NewNullProperty()
	}

	return names.StableKeys()
}

// pulumiPath turns a path of Terraform's names into the one a program knows.
func (schema Schema) pulumiPath(path []string) string {
	var names []string

	for _, step := range path {
		for key, attribute := range schema {
			if attribute.Terraform == step {
				step, schema = string(key), attribute.Attributes

				break
			}
		}

		names = append(names, step)
	}

	return dotted(names)
}

func dotted(path []string) string { return strings.Join(path, ".") }
