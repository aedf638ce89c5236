package resources

import (
	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/machinery/resources/block"
	"github.com/siderolabs/talos/pkg/machinery/resources/cluster"
	"github.com/siderolabs/talos/pkg/machinery/resources/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/etcd"
	"github.com/siderolabs/talos/pkg/machinery/resources/hardware"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
	"github.com/siderolabs/talos/pkg/machinery/resources/network"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"github.com/siderolabs/talos/pkg/machinery/resources/secrets"
	"github.com/siderolabs/talos/pkg/machinery/resources/time"
	"github.com/siderolabs/talos/pkg/machinery/resources/v1alpha1"
)

// owners are the Talos controllers that own each type; people see them in `talosctl get -o yaml`.
var owners = map[resource.Type]resource.Owner{
	block.DiskType:             "block.DisksController",
	block.DiscoveredVolumeType: "block.DiscoveryController",
	block.SystemDiskType:       "block.SystemDiskController",
	block.VolumeStatusType:     "block.VolumeManagerController",

	cluster.IdentityType: "cluster.NodeIdentityController",
	cluster.InfoType:     "cluster.InfoController",
	cluster.MemberType:   "cluster.MemberController",
	cluster.ConfigType:   "cluster.ConfigController",

	config.MachineTypeType: "config.MachineTypeController",

	etcd.MemberType: "etcd.MemberController",
	etcd.SpecType:   "etcd.SpecController",
	etcd.ConfigType: "etcd.ConfigController",

	hardware.SystemInformationType: "hardware.SystemInfoController",
	hardware.ProcessorType:         "hardware.SystemInfoController",
	hardware.MemoryModuleType:      "hardware.SystemInfoController",

	k8s.APIServerConfigType:          "k8s.ControlPlaneAPIServerController",
	k8s.ControllerManagerConfigType:  "k8s.ControlPlaneControllerManagerController",
	k8s.SchedulerConfigType:          "k8s.ControlPlaneSchedulerController",
	k8s.BootstrapManifestsConfigType: "k8s.ControlPlaneBootstrapManifestsController",
	k8s.ConfigStatusType:             "k8s.RenderConfigsStaticPodController",
	k8s.EndpointType:                 "k8s.EndpointController",
	k8s.KubeletSpecType:              "k8s.KubeletSpecController",
	k8s.NodenameType:                 "k8s.NodenameController",
	k8s.NodeIPType:                   "k8s.NodeIPController",
	k8s.NodeStatusType:               "k8s.NodeStatusController",
	k8s.StaticPodType:                "k8s.ControlPlaneStaticPodController",
	k8s.StaticPodStatusType:          "k8s.KubeletStaticPodController",

	network.AddressStatusType:    "network.AddressStatusController",
	network.HostnameStatusType:   "network.HostnameSpecController",
	network.LinkStatusType:       "network.LinkStatusController",
	network.NodeAddressType:      "network.NodeAddressController",
	network.ResolverStatusType:   "network.ResolverSpecController",
	network.RouteStatusType:      "network.RouteStatusController",
	network.StatusType:           "network.StatusController",
	network.TimeServerStatusType: "network.TimeServerSpecController",

	runtime.ExtensionStatusType:  "runtime.ExtensionStatusController",
	runtime.KernelCmdlineType:    "runtime.KernelCmdlineController",
	runtime.MachineStatusType:    "runtime.MachineStatusController",
	runtime.MountStatusType:      "runtime.MountStatusController",
	runtime.PlatformMetadataType: "network.PlatformConfigApplyController",
	runtime.SecurityStateType:    "runtime.SecurityStateController",
	runtime.VersionType:          "runtime.VersionController",

	secrets.OSRootType: "secrets.RootOSController",

	time.StatusType: "time.SyncController",

	v1alpha1.ServiceType: "v1alpha1.ServiceController",
}

// ownerOf is the owner of a resource; one type has two.
func ownerOf(metadata resource.Metadata) resource.Owner {
	if metadata.Type() == k8s.EndpointType && metadata.ID() == k8s.ControlPlaneKubernetesEndpointsID {
		return "k8s.StaticEndpointController"
	}

	return owners[metadata.Type()]
}
