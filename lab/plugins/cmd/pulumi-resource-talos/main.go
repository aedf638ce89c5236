// Command pulumi-resource-talos stands in, offline, for the Talos plugin 0.8.1.
package main

import (
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"

	"talos-cluster/lab/plugins/internal/bridge"
	"talos-cluster/lab/plugins/internal/talos"
)

func main() {
	err := provider.Main("talos", func(host *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		return bridge.NewServer(talos.Options(host)), nil
	})
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
}
