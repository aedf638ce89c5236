package talos

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// Property names that more than one resource has.
const (
	nodeKey     resource.PropertyKey = "node"
	endpointKey resource.PropertyKey = "endpoint"
	timeoutsKey resource.PropertyKey = "timeouts"
	idKey       resource.PropertyKey = "id"

	clientKey        resource.PropertyKey = "clientConfiguration"
	clientOnWriteKey resource.PropertyKey = "clientConfigurationWo"
	authorityKey     resource.PropertyKey = "caCertificate"
	certificateKey   resource.PropertyKey = "clientCertificate"
	privateKey       resource.PropertyKey = "clientKey"
)

func required(name string) *bridge.Attribute {
	return &bridge.Attribute{Terraform: name, Required: true}
}

func optional(name string) *bridge.Attribute {
	return &bridge.Attribute{Terraform: name, Optional: true}
}

func computed(name string) *bridge.Attribute {
	return &bridge.Attribute{Terraform: name, Computed: true}
}

func secret(attribute *bridge.Attribute) *bridge.Attribute {
	attribute.Sensitive = true

	return attribute
}

// object gives an attribute its nested ones.
func object(attribute *bridge.Attribute, nested bridge.Schema) *bridge.Attribute {
	attribute.Kind = bridge.Object
	attribute.Attributes = nested

	return attribute
}

// clientConfiguration is a client's CA, certificate and key: only the key is secret.
func clientConfiguration(attribute *bridge.Attribute, leaf func(string) *bridge.Attribute) *bridge.Attribute {
	return object(attribute, bridge.Schema{
		authorityKey:   leaf("ca_certificate"),
		certificateKey: leaf("client_certificate"),
		privateKey:     secret(leaf("client_key")),
	})
}

// endpoint defaults to the node when the program gives none.
func endpoint() *bridge.Attribute {
	return &bridge.Attribute{Terraform: "endpoint", Optional: true, Computed: true}
}

func timeouts(operations ...string) *bridge.Attribute {
	nested := bridge.Schema{}
	for _, operation := range operations {
		limit := optional(operation)
		limit.Validate = validDuration
		nested[resource.PropertyKey(operation)] = limit
	}

	return object(optional("timeouts"), nested)
}

func texts(attribute *bridge.Attribute) *bridge.Attribute {
	attribute.Kind = bridge.StringList

	return attribute
}

// fillEndpoint sets the endpoint to the node where nothing else is known about it.
func fillEndpoint(plan *bridge.Plan) {
	if bridge.IsNull(plan.Config, endpointKey) {
		plan.Planned[endpointKey] = plan.Config[nodeKey]
	}
}

// addressesUnknown tells that nothing can be planned about the machine yet.
func addressesUnknown(plan *bridge.Plan) bool {
	return bridge.IsUnknown(plan.Config[endpointKey]) || bridge.IsUnknown(plan.Config[nodeKey])
}
