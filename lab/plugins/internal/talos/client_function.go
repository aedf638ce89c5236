package talos

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	endpointsKey   resource.PropertyKey = "endpoints"
	nodesKey       resource.PropertyKey = "nodes"
	talosConfigKey resource.PropertyKey = "talosConfig"
)

// clientFunction writes a talosconfig with one context, named after the cluster.
type clientFunction struct{}

func (f clientFunction) Arguments() bridge.Schema {
	name := required("cluster_name")
	name.Validate = nonEmpty("cluster_name")

	return bridge.Schema{
		clusterNameKey: name,
		clientKey:      clientConfiguration(required("client_configuration"), required),
		endpointsKey:   texts(optional("endpoints")),
		nodesKey:       texts(optional("nodes")),
	}
}

func (f clientFunction) Validate(resource.PropertyMap) bridge.Diagnostics { return nil }

func (f clientFunction) Read(_ context.Context, arguments resource.PropertyMap) (resource.PropertyMap, bridge.Diagnostics) {
	if bridge.IsUnknown(arguments[clientKey]) {
		return nil, unknownArgument("client_configuration", "clientConfiguration")
	}

	name := bridge.Text(arguments, clusterNameKey)

	config, err := talosconfig(name, bridge.Nested(arguments, clientKey))
	if err != nil {
		return nil, bridge.Errorf("failed to generate talos config", "%s", err)
	}

	if endpoints, _ := bridge.Texts(arguments, endpointsKey); len(endpoints) > 0 {
		config.Contexts[name].Endpoints = endpoints
	}

	if nodes, _ := bridge.Texts(arguments, nodesKey); len(nodes) > 0 {
		config.Contexts[name].Nodes = nodes
	}

	content, err := config.Bytes()
	if err != nil {
		return nil, bridge.Errorf("failed to generate talos config", "%s", err)
	}

	result := arguments.Copy()
	result[talosConfigKey] = resource.NewStringProperty(string(content))
	result[idKey] = result[clusterNameKey]

	return result, nil
}
