package resources

import (
	"github.com/cosi-project/runtime/pkg/resource"
	talosconfig "github.com/siderolabs/talos/pkg/machinery/config/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"github.com/siderolabs/talos/pkg/machinery/resources/secrets"
	"github.com/siderolabs/talos/pkg/machinery/resources/time"
	"github.com/siderolabs/talos/pkg/machinery/resources/v1alpha1"
)

// KernelCommandLine is what the boot medium and the installed system start with.
const KernelCommandLine = "talos.platform=metal console=tty0 init_on_alloc=1 slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295 printk.devkmsg=on selinux=1"

func runtimeResources(facts Facts) []resource.Resource {
	version := runtime.NewVersion()
	version.TypedSpec().Name = "Talos"
	version.TypedSpec().Version = facts.TalosVersion

	commandLine := runtime.NewKernelCmdline()
	commandLine.TypedSpec().Cmdline = KernelCommandLine

	platform := runtime.NewPlatformMetadataSpec(runtime.NamespaceName, runtime.PlatformMetadataID)
	platform.TypedSpec().Platform = "metal"

	clock := time.NewStatus()
	clock.TypedSpec().Synced = !facts.ClockWrong
	clock.TypedSpec().SyncDisabled = TimeSyncDisabled(facts.Config)

	machineType := config.NewMachineType()
	machineType.SetMachineType(facts.machineType())

	resources := []resource.Resource{version, commandLine, platform, clock, machineType}

	for _, service := range facts.Services {
		item := v1alpha1.NewService(service.ID)
		*item.TypedSpec() = v1alpha1.ServiceSpec{Running: service.Running, Healthy: service.Healthy, Unknown: service.Unknown}
		resources = append(resources, item)
	}

	if facts.Complete() {
		resources = append(resources, osRoot(facts))
	}

	return resources
}

// TimeSyncDisabled tells whether a config, or none, makes the machine take its clock for right.
func TimeSyncDisabled(provider talosconfig.Config) bool {
	if provider == nil {
		return false
	}

	configured := provider.NetworkTimeSyncConfig()

	return configured != nil && configured.Disabled()
}

// Status returns the machine's stage and what it still lacks.
func Status(facts Facts) []resource.Resource {
	status := runtime.NewMachineStatus()
	status.TypedSpec().Stage = facts.Stage
	status.TypedSpec().Status.Ready = len(facts.Unmet) == 0
	status.TypedSpec().Status.UnmetConditions = facts.Unmet

	return []resource.Resource{status}
}

func osRoot(facts Facts) resource.Resource {
	security := facts.Config.Machine().Security()

	root := secrets.NewOSRoot(secrets.OSRootID)
	root.TypedSpec().IssuingCA = security.IssuingCA()
	root.TypedSpec().AcceptedCAs = AcceptedCAs(facts.Config)
	root.TypedSpec().Token = security.Token()

	return root
}
