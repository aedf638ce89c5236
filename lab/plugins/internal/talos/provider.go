package talos

import (
	"time"

	"talos-cluster/lab/plugins/internal/bridge"
)

// Version is the version of the plugin that this one stands in for.
const Version = "0.8.1"

// Options lists what the plugin serves, by token.
func Options(log bridge.Log) bridge.Options {
	factory := newFactory()

	return bridge.Options{
		Name:          "talos",
		Version:       Version,
		PackageSchema: packageSchema,
		Configure:     factory.configure,
		Log:           log,
		Resources: map[string]bridge.Resource{
			"talos:machine/secrets:Secrets":                       secretsResource{now: time.Now},
			"talos:machine/configurationApply:ConfigurationApply": configurationApply{},
			"talos:machine/bootstrap:Bootstrap":                   bootstrap{},
			"talos:cluster/kubeconfig:Kubeconfig":                 kubeconfig{now: time.Now},
			"talos:imageFactory/schematic:Schematic":              schematicResource{factory: factory},
		},
		Functions: map[string]bridge.Function{
			"talos:machine/getConfiguration:getConfiguration": configurationFunction{},
			"talos:client/getConfiguration:getConfiguration":  clientFunction{},
			"talos:imageFactory/getUrls:getUrls":              urlsFunction{factory: factory},
		},
	}
}

// packageSchema is as little as the engine needs: programs bring their own typed client.
const packageSchema = `{"name":"talos","version":"` + Version + `","pluginDownloadURL":"github://api.github.com/pulumiverse",` +
	`"description":"Offline stand-in for the Talos plugin"}`
