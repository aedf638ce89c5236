// Package command stands in for the command plugin 1.2.1, as far as it runs programs on this machine.
package command

import (
	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/middleware/schema"

	"talos-cluster/lab/plugins/internal/command/local"
)

// Version is the version of the plugin that this one stands in for.
const Version = "1.2.1"

// New makes the provider. It is built on the same library as the real one, so that checks, diffs, unknown values and secrets
// go the same way.
func New() provider.Provider {
	return infer.Provider(infer.Options{
		Metadata:  schema.Metadata{DisplayName: "Command", Description: "Offline stand-in for the command plugin"},
		Resources: []infer.InferredResource{infer.Resource(&local.Command{})},
		Functions: []infer.InferredFunction{infer.Function(&local.Run{})},
	})
}
