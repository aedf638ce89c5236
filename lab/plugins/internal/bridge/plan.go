package bridge

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// Plan is a change on its way: what the program asked, what was, and what will be.
type Plan struct {
	// Config is what the program gave.
	Config resource.PropertyMap
	// Prior is the stored state, nil when the resource is new.
	Prior resource.PropertyMap
	// Planned is the state after the change; a provider edits it in ModifyPlan.
	Planned resource.PropertyMap
	// Replace names the properties whose change needs a new resource.
	Replace []resource.PropertyKey
}

// newPlan follows the order of the plugin framework: merge, defaults, unknowns for what the provider computes, kept values.
func (schema Schema) newPlan(config, prior resource.PropertyMap) *Plan {
	config = schema.pick(config)
	if prior != nil {
		prior = schema.pick(prior)
	}

	planned := schema.propose(config, prior)

	if prior == nil || !planned.DeepEquals(prior) {
		schema.markUnknown(planned, config)
	}

	if prior != nil {
		schema.keep(planned, config, prior)
	}

	return &Plan{Config: config, Prior: prior, Planned: planned}
}

// propose takes what the program gave, then the prior value of what the provider computes, then the default.
func (schema Schema) propose(config, prior resource.PropertyMap) resource.PropertyMap {
	proposed := resource.PropertyMap{}

	for key, attribute := range schema {
		value, given := config[key]

		switch {
		case attribute.WriteOnly:
		case given && attribute.Kind == Object && value.IsObject():
			proposed[key] = resource.NewObjectProperty(attribute.Attributes.propose(value.ObjectValue(), Nested(prior, key)))
		case given:
			proposed[key] = value
		case attribute.Default != nil:
			proposed[key] = *attribute.Default
		case attribute.Computed && !IsNull(prior, key):
			proposed[key] = prior[key]
		}
	}

	return proposed
}

func (schema Schema) markUnknown(planned, config resource.PropertyMap) {
	for key, attribute := range schema {
		value, given := config[key]

		switch {
		case attribute.WriteOnly:
		case given && attribute.Kind == Object && value.IsObject():
			attribute.Attributes.markUnknown(planned[key].ObjectValue(), value.ObjectValue())
		case !given && attribute.Computed && attribute.Default == nil:
			planned[key] = Unknown()
		}
	}
}

func (schema Schema) keep(planned, config, prior resource.PropertyMap) {
	for key, attribute := range schema {
		if !attribute.Keep || !IsUnknown(planned[key]) || IsUnknown(config[key]) {
			continue
		}

		if IsNull(prior, key) {
			delete(planned, key)
		} else {
			planned[key] = prior[key]
		}
	}
}

// changed names the top-level properties that differ, in order.
func (plan *Plan) changed() []string {
	var keys []string

	for _, key := range unionKeys(plan.Prior, plan.Planned) {
		if !sameProperty(plan.Prior, plan.Planned, key) {
			keys = append(keys, string(key))
		}
	}

	return keys
}

// replaced names the properties that ask for a new resource and really changed.
func (plan *Plan) replaced() []string {
	keys := []string{}

	for _, key := range plan.Replace {
		if IsUnknown(plan.Planned[key]) || !sameProperty(plan.Prior, plan.Planned, key) {
			keys = append(keys, string(key))
		}
	}

	return keys
}

func sameProperty(left, right resource.PropertyMap, key resource.PropertyKey) bool {
	if IsNull(left, key) || IsNull(right, key) {
		return IsNull(left, key) == IsNull(right, key)
	}

	return left[key].DeepEquals(right[key])
}

func unionKeys(left, right resource.PropertyMap) []resource.PropertyKey {
	all := resource.PropertyMap{}

	for _, values := range []resource.PropertyMap{left, right} {
		for key, value := range values {
			all[key] = value
		}
	}

	return all.StableKeys()
}
