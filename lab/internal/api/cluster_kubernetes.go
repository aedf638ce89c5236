package api

import (
	"context"
	"net/netip"

	"github.com/siderolabs/talos/pkg/cluster"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// kubernetesNodes are the nodes Kubernetes knows: the last resort where discovery is off.
func kubernetesNodes(ctx context.Context, kubernetes *cluster.KubernetesClient) (cluster.Info, error) {
	client, err := kubernetes.K8sClient(ctx)
	if err != nil {
		return nil, err
	}

	nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}

	list := nodeList{}

	for _, node := range nodes.Items {
		information, err := nodeInformation(node)
		if err != nil {
			return nil, err
		}

		kind := machine.TypeWorker
		if _, controller := node.Labels[constants.LabelNodeRoleControlPlane]; controller {
			kind = machine.TypeControlPlane
		}

		list[kind] = append(list[kind], information)
	}

	return list, nil
}

func nodeInformation(node corev1.Node) (cluster.NodeInfo, error) {
	information := cluster.NodeInfo{}

	for _, address := range node.Status.Addresses {
		if address.Type != corev1.NodeInternalIP && address.Type != corev1.NodeExternalIP {
			continue
		}

		ip, err := netip.ParseAddr(address.Address)
		if err != nil {
			return information, err
		}

		if address.Type == corev1.NodeInternalIP {
			information.InternalIP = ip
		}

		information.IPs = append(information.IPs, ip)
	}

	return information, nil
}
