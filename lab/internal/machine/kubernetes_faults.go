package machine

import (
	"context"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/kubernetes"
)

// followKubernetesFaults lets the kubelet and the control plane act upon the faults that concern them.
func (boot *Boot) followKubernetesFaults() (stop func()) {
	return boot.Machine.OnFault(func(name fault.Name) {
		switch name { //nolint:exhaustive // the others are no matter of Kubernetes
		case fault.APIServerDown, fault.NodeNotReady:
			boot.kubernetesConfigChanged()
		}
	})
}

// startAPIServer runs the machine's API server, unless a fault keeps it down.
func (boot *Boot) startAPIServer(ctx context.Context, node kubernetes.Node) error {
	if !boot.Machine.Faults.Has(fault.APIServerDown) {
		return boot.kubernetes.server.Start(ctx, node)
	}

	boot.updateKubernetes(func() { boot.kubernetes.health = serverHealth{} })

	return boot.kubernetes.server.Stop(ctx)
}
