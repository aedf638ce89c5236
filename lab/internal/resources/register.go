// Package resources is the COSI state of a machine: registered types, access policy, and the projection of machine facts.
package resources

import (
	"context"
	"slices"

	"github.com/cosi-project/runtime/pkg/resource/meta"
	"github.com/cosi-project/runtime/pkg/state"
	"github.com/cosi-project/runtime/pkg/state/registry"
	"github.com/siderolabs/talos/pkg/machinery/resources/block"
	"github.com/siderolabs/talos/pkg/machinery/resources/cluster"
	"github.com/siderolabs/talos/pkg/machinery/resources/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/cri"
	"github.com/siderolabs/talos/pkg/machinery/resources/etcd"
	"github.com/siderolabs/talos/pkg/machinery/resources/files"
	"github.com/siderolabs/talos/pkg/machinery/resources/hardware"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
	"github.com/siderolabs/talos/pkg/machinery/resources/kubespan"
	"github.com/siderolabs/talos/pkg/machinery/resources/network"
	"github.com/siderolabs/talos/pkg/machinery/resources/perf"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"github.com/siderolabs/talos/pkg/machinery/resources/secrets"
	"github.com/siderolabs/talos/pkg/machinery/resources/security"
	"github.com/siderolabs/talos/pkg/machinery/resources/time"
	"github.com/siderolabs/talos/pkg/machinery/resources/v1alpha1"
)

// namespaces are Talos's own, with their descriptions.
var namespaces = [][2]string{
	{v1alpha1.NamespaceName, "Talos v1alpha1 subsystems glue resources."},
	{cluster.NamespaceName, "Cluster configuration and discovery resources."},
	{cluster.RawNamespaceName, "Cluster unmerged raw resources."},
	{config.NamespaceName, "Talos node configuration."},
	{etcd.NamespaceName, "etcd resources."},
	{files.NamespaceName, "Files and file-like resources."},
	{hardware.NamespaceName, "Hardware resources."},
	{k8s.NamespaceName, "Kubernetes all node types resources."},
	{k8s.ControlPlaneNamespaceName, "Kubernetes control plane resources."},
	{kubespan.NamespaceName, "KubeSpan resources."},
	{network.NamespaceName, "Networking resources."},
	{network.ConfigNamespaceName, "Networking configuration resources."},
	{cri.NamespaceName, "CRI Seccomp resources."},
	{secrets.NamespaceName, "Resources with secret material."},
	{security.NamespaceName, "Security resources."},
	{perf.NamespaceName, "Stats resources."},
}

// served are the types an emulated machine answers for: those with contents, those Talos's own health checks and
// talosctl look for even when empty, and the sensitive ones whose refusal is part of the behaviour.
func served() []meta.ResourceWithRD {
	return slices.Concat(
		[]meta.ResourceWithRD{
			&block.Device{}, &block.DiscoveredVolume{}, &block.Disk{}, &block.MountStatus{}, &block.SystemDisk{},
			&block.VolumeConfig{}, &block.VolumeMountStatus{}, &block.VolumeStatus{},
			&cluster.Affiliate{}, &cluster.Config{}, &cluster.Identity{}, &cluster.Info{}, &cluster.Member{},
			&config.MachineConfig{}, &config.MachineType{},
			&cri.ImageCacheConfig{}, &cri.RegistriesConfig{}, &cri.SeccompProfile{},
			&etcd.Config{}, &etcd.PKIStatus{}, &etcd.Spec{}, &etcd.Member{},
			&files.EtcFileSpec{}, &files.EtcFileStatus{},
			&hardware.MemoryModule{}, &hardware.PCIDevice{}, &hardware.Processor{}, &hardware.SystemInformation{},
		},
		[]meta.ResourceWithRD{
			&k8s.AdmissionControlConfig{}, &k8s.AuditPolicyConfig{}, &k8s.AuthorizationConfig{}, &k8s.APIServerConfig{},
			&k8s.ConfigStatus{}, &k8s.ControllerManagerConfig{}, &k8s.Endpoint{}, &k8s.ExtraManifestsConfig{},
			&k8s.KubeletConfig{}, &k8s.KubeletSpec{}, &k8s.KubePrismConfig{}, &k8s.Manifest{}, &k8s.ManifestStatus{},
			&k8s.BootstrapManifestsConfig{}, &k8s.NodeAnnotationSpec{}, &k8s.NodeCordonedSpec{}, &k8s.NodeIP{},
			&k8s.NodeLabelSpec{}, &k8s.Nodename{}, &k8s.NodeStatus{}, &k8s.NodeTaintSpec{}, &k8s.SchedulerConfig{},
			&k8s.StaticPod{}, &k8s.StaticPodServerStatus{}, &k8s.StaticPodStatus{}, &k8s.SecretsStatus{},
			&kubespan.Config{}, &kubespan.PeerStatus{},
		},
		[]meta.ResourceWithRD{
			&network.AddressStatus{}, &network.HardwareAddr{}, &network.HostnameStatus{}, &network.HostnameSpec{},
			&network.LinkStatus{}, &network.NodeAddress{}, &network.ResolverStatus{}, &network.RouteStatus{},
			&network.Status{}, &network.TimeServerStatus{},
			&runtime.BootedEntry{}, &runtime.Diagnostic{}, &runtime.ExtensionServiceConfig{}, &runtime.ExtensionStatus{},
			&runtime.KernelCmdline{}, &runtime.KernelModuleSpec{}, &runtime.KernelParamSpec{}, &runtime.KernelParamStatus{},
			&runtime.MachineResetSignal{}, &runtime.MachineStatus{}, &runtime.MetaKey{}, &runtime.MetaLoaded{},
			&runtime.MountStatus{}, &runtime.PlatformMetadata{}, &runtime.SecurityState{}, &runtime.UniqueMachineToken{},
			&runtime.Version{}, &runtime.WatchdogTimerConfig{},
			&secrets.API{}, &secrets.Etcd{}, &secrets.EtcdRoot{}, &secrets.Kubelet{}, &secrets.Kubernetes{},
			&secrets.KubernetesRoot{}, &secrets.MaintenanceRoot{}, &secrets.OSRoot{}, &secrets.Trustd{},
			&time.AdjtimeStatus{}, &time.Status{},
			&v1alpha1.Service{},
		},
	)
}

func register(ctx context.Context, st state.State) error {
	namespaceRegistry := registry.NewNamespaceRegistry(st)
	if err := namespaceRegistry.RegisterDefault(ctx); err != nil {
		return err
	}

	resourceRegistry := registry.NewResourceRegistry(st)
	if err := resourceRegistry.RegisterDefault(ctx); err != nil {
		return err
	}

	for _, namespace := range namespaces {
		if err := namespaceRegistry.Register(ctx, namespace[0], namespace[1]); err != nil {
			return err
		}
	}

	for _, served := range served() {
		if err := resourceRegistry.Register(ctx, served); err != nil {
			return err
		}
	}

	return nil
}
