package resources

import (
	"net/netip"
	"slices"

	"github.com/cosi-project/runtime/pkg/resource"
	talosconfig "github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	corev1 "k8s.io/api/core/v1"

	"talos-cluster/lab/internal/disk"
	"talos-cluster/lab/internal/services"
)

// Hardware is what does not change between boots.
type Hardware struct {
	Address      netip.Addr
	HardwareAddr [6]byte
	Serial       string
	UUID         string
	MemoryMiB    uint32
	DiskBytes    uint64
}

// Member is another machine (or this one) as the discovery service knows it.
type Member struct {
	NodeID        string
	Hostname      string
	Nodename      string
	Address       netip.Addr
	Type          machine.Type
	TalosVersion  string
	APIServerPort int
}

// Facts is everything the resources of a machine are made from.
type Facts struct {
	Hardware     Hardware
	Image        Image
	Schematic    string // of the running system, "" on the boot medium
	TalosVersion string
	Installed    *disk.System
	Config       talosconfig.Provider // active config, nil in maintenance
	Stage        runtime.MachineStage
	Unmet        []runtime.UnmetCondition
	Hostname     string
	NodeID       string
	Mounted      bool // STATE and EPHEMERAL are mounted
	ClockWrong   bool // the clock is not in sync with any time server
	Services     []services.Status
	EtcdMemberID string
	Node         *corev1.Node
	Pods         []corev1.Pod // static pods as defined
	PodStatuses  []corev1.Pod // static pods as the kubelet sees them
	Members      []Member
	APIServers   []netip.Addr // controllers of the cluster whose API server is ready
	ConfigReady  bool         // the kubelet was given the static pods
}

// Complete tells whether the config is enough to boot.
func (facts Facts) Complete() bool {
	return facts.Config != nil && facts.Config.CompleteForBoot()
}

func (facts Facts) machineType() machine.Type {
	if !facts.Complete() {
		return machine.TypeUnknown
	}

	return facts.Config.Machine().Type()
}

// ControlPlane tells whether the machine is configured as a controller.
func (facts Facts) ControlPlane() bool { return facts.machineType().IsControlPlane() }

// Project returns every resource of a machine but its machine configs, its static pods and its status.
func Project(facts Facts) []resource.Resource {
	return slices.Concat(
		hardwareResources(facts),
		blockResources(facts),
		networkResources(facts),
		runtimeResources(facts),
		imageResources(facts),
		clusterResources(facts),
		nodeResources(facts),
		controlPlaneResources(facts),
	)
}
