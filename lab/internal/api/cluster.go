package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/siderolabs/talos/pkg/cluster"
	"github.com/siderolabs/talos/pkg/cluster/check"
	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	clusterapi "github.com/siderolabs/talos/pkg/machinery/api/cluster"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	clusterresource "github.com/siderolabs/talos/pkg/machinery/resources/cluster"

	emulated "talos-cluster/lab/internal/machine"
)

// Cluster is the ClusterService: the health check, made by Talos's own checks against the API of all machines.
type Cluster struct {
	clusterapi.UnimplementedClusterServiceServer

	boot *emulated.Boot
}

// HealthCheck implements cluster.ClusterServiceServer.
func (server *Cluster) HealthCheck(request *clusterapi.HealthCheckRequest, stream clusterapi.ClusterService_HealthCheckServer) error {
	if err := controlPlaneOnly(server.boot, "cluster health check"); err != nil {
		return err
	}

	clients := cluster.NewLocalClientProvider(server.boot.Resources, authz.GetRoles(stream.Context()))
	defer clients.Close() //nolint:errcheck

	kubernetes := &cluster.KubernetesClient{ClientProvider: clients, ForceEndpoint: request.GetClusterInfo().GetForceEndpoint()}
	defer kubernetes.K8sClose() //nolint:errcheck

	ctx, cancel := context.WithTimeout(stream.Context(), request.WaitTimeout.AsDuration())
	defer cancel()

	nodes, err := server.nodes(ctx, request, kubernetes)
	if err != nil {
		return err
	}

	addresses := []string(nil)
	for _, node := range nodes.Nodes() {
		addresses = append(addresses, node.InternalIP.String())
	}

	if err := stream.Send(&clusterapi.HealthCheckProgress{Message: fmt.Sprintf("discovered nodes: %q", addresses)}); err != nil {
		return err
	}

	state := struct {
		cluster.ClientProvider
		cluster.K8sProvider
		cluster.Info
	}{clients, kubernetes, nodes}

	checks := append(check.DefaultClusterChecks(), check.ExtraClusterChecks()...)

	return check.Wait(ctx, &state, checks, &reporter{stream: stream})
}

// nodes are those the caller lists, else those discovery knows, else those Kubernetes knows.
func (server *Cluster) nodes(
	ctx context.Context, request *clusterapi.HealthCheckRequest, kubernetes *cluster.KubernetesClient,
) (cluster.Info, error) {
	controllers, workers := request.GetClusterInfo().GetControlPlaneNodes(), request.GetClusterInfo().GetWorkerNodes()
	if len(controllers) != 0 || len(workers) != 0 {
		return listedNodes(controllers, workers)
	}

	members, err := safe.StateListAll[*clusterresource.Member](ctx, server.boot.Resources)
	if err != nil {
		return nil, err
	}

	if members.Len() > 0 {
		return check.NewDiscoveredClusterInfo(safe.ToSlice(members, func(member *clusterresource.Member) *clusterresource.Member {
			return member
		}))
	}

	return kubernetesNodes(ctx, kubernetes)
}

// nodeList implements cluster.Info.
type nodeList map[machine.Type][]cluster.NodeInfo

// Nodes implements cluster.Info.
func (list nodeList) Nodes() []cluster.NodeInfo {
	return append(append([]cluster.NodeInfo(nil), list[machine.TypeControlPlane]...), list[machine.TypeWorker]...)
}

// NodesByType implements cluster.Info.
func (list nodeList) NodesByType(kind machine.Type) []cluster.NodeInfo { return list[kind] }

func listedNodes(controllers, workers []string) (cluster.Info, error) {
	controllerInfos, err := cluster.IPsToNodeInfos(controllers)
	if err != nil {
		return nil, err
	}

	workerInfos, err := cluster.IPsToNodeInfos(workers)
	if err != nil {
		return nil, err
	}

	return nodeList{machine.TypeControlPlane: controllerInfos, machine.TypeWorker: workerInfos}, nil
}

// reporter sends what is being waited for, whenever that changes.
type reporter struct {
	stream clusterapi.ClusterService_HealthCheckServer
	last   string
}

// Update implements check.Reporter.
func (reporter *reporter) Update(condition conditions.Condition) {
	line := fmt.Sprintf("waiting for %s", condition)
	if line == reporter.last {
		return
	}

	reporter.last = line
	reporter.stream.Send(&clusterapi.HealthCheckProgress{Message: strings.TrimSpace(line)}) //nolint:errcheck
}
