package apid

import (
	"github.com/siderolabs/talos/pkg/grpc/middleware/authz"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"google.golang.org/grpc"
)

// Interceptors make machined authorize calls: roles come from apid as metadata, the table says who may call what.
func Interceptors() []grpc.ServerOption {
	injector := &authz.Injector{Mode: authz.MetadataOnly}
	authorizer := &authz.Authorizer{Rules: rules(), FallbackRoles: role.MakeSet(role.Admin)}

	return []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(injector.UnaryInterceptor(), authorizer.UnaryInterceptor()),
		grpc.ChainStreamInterceptor(injector.StreamInterceptor(), authorizer.StreamInterceptor()),
	}
}

// rules is Talos's table (machined), grouped by who may call. What is not listed is for admins.
func rules() map[string]role.Set {
	table := map[string]role.Set{}

	allow := func(roles role.Set, prefix string, methods ...string) {
		for _, method := range methods {
			table[prefix+method] = roles
		}
	}

	readers := role.MakeSet(role.Admin, role.Operator, role.Reader)
	operators := role.MakeSet(role.Admin, role.Operator)
	backups := role.MakeSet(role.Admin, role.Operator, role.Reader, role.EtcdBackup)
	configurers := role.MakeSet(role.Admin, role.Reader) // readers in maintenance only: the method itself looks

	allow(readers, "/cluster.ClusterService/", "HealthCheck")
	allow(readers, "/inspect.InspectService/", "ControllerRuntimeDependencies")
	allow(readers, "/storage.StorageService/", "Disks")
	allow(configurers, "/storage.StorageService/", "BlockDeviceWipe")
	allow(readers, "/time.TimeService/", "Time", "TimeCheck")
	allow(readers, "/cosi.resource.State/", "Get", "List", "Watch")

	allow(readers, "/machine.ImageService/", "List", "Verify")
	allow(operators, "/machine.ImageService/", "Pull")

	allow(readers, "/machine.MachineService/", "CPUInfo", "CPUFreqStats", "Containers", "DiskStats", "DiskUsage", "Dmesg",
		"Events", "Hostname", "ImageList", "List", "LoadAvg", "Logs", "LogsContainers", "Memory", "Mounts",
		"NetworkDeviceStats", "Netstat", "Processes", "ServiceList", "Stats", "SystemStat", "Version")
	allow(operators, "/machine.MachineService/", "EtcdAlarmDisarm", "EtcdDefragment", "ImagePull", "PacketCapture", "Reboot",
		"Restart", "ServiceRestart", "ServiceStart", "ServiceStop", "Shutdown")
	allow(backups, "/machine.MachineService/", "EtcdAlarmList", "EtcdMemberList", "EtcdStatus")
	allow(role.MakeSet(role.Admin, role.Operator, role.EtcdBackup), "/machine.MachineService/", "EtcdSnapshot")
	allow(role.MakeSet(role.Admin, role.MetaWriter), "/machine.MachineService/", "MetaWrite", "MetaDelete")
	allow(configurers, "/machine.MachineService/", "ApplyConfiguration")

	return table
}
