package resources

import (
	"strconv"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/images"
	"github.com/siderolabs/talos/pkg/machinery/config/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
)

func controlPlaneResources(facts Facts) []resource.Resource {
	if !facts.machineType().IsControlPlane() {
		return nil
	}

	resources := []resource.Resource{
		apiServerConfig(facts), controllerManagerConfig(facts), schedulerConfig(facts), bootstrapManifestsConfig(facts),
	}

	if facts.ConfigReady {
		status := k8s.NewConfigStatus(k8s.ControlPlaneNamespaceName, k8s.ConfigStatusStaticPodID)
		status.TypedSpec().Ready = true
		status.TypedSpec().Version = "1"
		resources = append(resources, status)
	}

	return append(resources, etcdResources(facts)...)
}

func apiServerConfig(facts Facts) resource.Resource {
	cluster := facts.Config.Cluster()
	server := cluster.APIServer()

	item := k8s.NewAPIServerConfig()
	*item.TypedSpec() = k8s.APIServerConfigSpec{
		Image:                server.Image(),
		ControlPlaneEndpoint: cluster.Endpoint().String(),
		EtcdServers:          []string{"https://127.0.0.1:" + strconv.Itoa(constants.EtcdClientPort)},
		LocalPort:            cluster.LocalAPIServerPort(),
		ServiceCIDRs:         cluster.Network().ServiceCIDRs(),
		ExtraArgs:            arguments(server.ExtraArgs()),
		ExtraVolumes:         volumes(server.ExtraVolumes()),
		EnvironmentVariables: server.Env(),
		AdvertisedAddress:    "$(POD_IP)",
		Resources:            limits(server.Resources()),
	}

	return item
}

func controllerManagerConfig(facts Facts) resource.Resource {
	cluster := facts.Config.Cluster()
	manager := cluster.ControllerManager()

	item := k8s.NewControllerManagerConfig()
	*item.TypedSpec() = k8s.ControllerManagerConfigSpec{
		Enabled:              !facts.Config.Machine().Controlplane().ControllerManager().Disabled(),
		Image:                manager.Image(),
		PodCIDRs:             cluster.Network().PodCIDRs(),
		ServiceCIDRs:         cluster.Network().ServiceCIDRs(),
		ExtraArgs:            arguments(manager.ExtraArgs()),
		ExtraVolumes:         volumes(manager.ExtraVolumes()),
		EnvironmentVariables: manager.Env(),
		Resources:            limits(manager.Resources()),
	}

	return item
}

func schedulerConfig(facts Facts) resource.Resource {
	scheduler := facts.Config.Cluster().Scheduler()

	item := k8s.NewSchedulerConfig()
	*item.TypedSpec() = k8s.SchedulerConfigSpec{
		Enabled:              !facts.Config.Machine().Controlplane().Scheduler().Disabled(),
		Image:                scheduler.Image(),
		ExtraArgs:            arguments(scheduler.ExtraArgs()),
		ExtraVolumes:         volumes(scheduler.ExtraVolumes()),
		EnvironmentVariables: scheduler.Env(),
		Resources:            limits(scheduler.Resources()),
		Config:               scheduler.Config(),
	}

	return item
}

func bootstrapManifestsConfig(facts Facts) resource.Resource {
	cluster := facts.Config.Cluster()
	network := cluster.Network()

	item := k8s.NewBootstrapManifestsConfig()
	*item.TypedSpec() = k8s.BootstrapManifestsConfigSpec{
		Server:                 cluster.Endpoint().String(),
		ClusterDomain:          network.DNSDomain(),
		PodCIDRs:               network.PodCIDRs(),
		ProxyEnabled:           cluster.Proxy().Enabled(),
		ProxyImage:             cluster.Proxy().Image(),
		CoreDNSEnabled:         cluster.CoreDNS().Enabled(),
		CoreDNSImage:           cluster.CoreDNS().Image(),
		FlannelEnabled:         network.CNI().Name() == constants.FlannelCNI,
		FlannelImage:           images.List(facts.Config).Flannel.String(),
		FlannelExtraArgs:       network.CNI().Flannel().ExtraArgs(),
		TalosAPIServiceEnabled: facts.Config.Machine().Features().KubernetesTalosAPIAccess().Enabled(),
		CNIName:                network.CNI().Name(),
	}

	if addresses, err := network.DNSServiceIPs(); err == nil {
		for _, address := range addresses {
			if address.Is4() {
				item.TypedSpec().DNSServiceIP = address.String()
			} else {
				item.TypedSpec().DNSServiceIPv6 = address.String()
			}
		}
	}

	return item
}

func arguments(configured map[string][]string) map[string]k8s.ArgValues {
	converted := make(map[string]k8s.ArgValues, len(configured))
	for name, values := range configured {
		converted[name] = k8s.ArgValues{Values: values}
	}

	return converted
}

func volumes(configured []config.VolumeMount) []k8s.ExtraVolume {
	converted := make([]k8s.ExtraVolume, 0, len(configured))
	for _, volume := range configured {
		converted = append(converted, k8s.ExtraVolume{
			Name: volume.Name(), HostPath: volume.HostPath(), MountPath: volume.MountPath(), ReadOnly: volume.ReadOnly(),
		})
	}

	return converted
}

func limits(configured config.Resources) k8s.Resources {
	return k8s.Resources{
		Requests: map[string]string{"cpu": configured.CPURequests(), "memory": configured.MemoryRequests()},
		Limits:   quantities(configured.CPULimits(), configured.MemoryLimits()),
	}
}

func quantities(cpu, memory string) map[string]string {
	set := map[string]string{}

	if cpu != "" {
		set["cpu"] = cpu
	}

	if memory != "" {
		set["memory"] = memory
	}

	return set
}
