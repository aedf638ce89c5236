package kubernetes

import (
	"runtime"

	"github.com/siderolabs/talos/pkg/machinery/constants"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const containerRuntimeVersion = "containerd://2.2.1"

// kubeletLabels are those that every kubelet puts on its Node by itself.
func kubeletLabels(node Node) map[string]string {
	return map[string]string{
		corev1.LabelHostname:      node.Hostname,
		corev1.LabelOSStable:      "linux",
		corev1.LabelArchStable:    runtime.GOARCH,
		"beta.kubernetes.io/os":   "linux",
		"beta.kubernetes.io/arch": runtime.GOARCH,
	}
}

// wantedStatus is the Node's status; conditions that stay as they are keep their times.
func wantedStatus(node Node, before []corev1.NodeCondition, requireCNI bool) corev1.NodeStatus {
	capacity := corev1.ResourceList{
		corev1.ResourceCPU:              resource.MustParse("4"),
		corev1.ResourceMemory:           resource.MustParse("4Gi"),
		corev1.ResourceEphemeralStorage: resource.MustParse("20Gi"),
		corev1.ResourcePods:             resource.MustParse("110"),
	}

	return corev1.NodeStatus{
		Capacity:    capacity,
		Allocatable: capacity,
		Conditions:  wantedConditions(before, notReadyMessage(node, requireCNI)),
		Addresses: []corev1.NodeAddress{
			{Type: corev1.NodeInternalIP, Address: node.Address.String()},
			{Type: corev1.NodeHostName, Address: node.Hostname},
		},
		DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: constants.KubeletPort}},
		NodeInfo: corev1.NodeSystemInfo{
			MachineID:               node.MachineID,
			SystemUUID:              node.MachineID,
			BootID:                  node.BootID,
			KernelVersion:           constants.DefaultKernelVersion,
			OSImage:                 "Talos (" + node.TalosVersion + ")",
			ContainerRuntimeVersion: containerRuntimeVersion,
			KubeletVersion:          KubeletVersion(node.Config),
			OperatingSystem:         "linux",
			Architecture:            runtime.GOARCH,
		},
	}
}

// notReadyMessage is why a kubelet does not report Ready, "" when it does.
func notReadyMessage(node Node, requireCNI bool) string {
	switch {
	case node.NotReady:
		return "container runtime is down"
	case requireCNI && node.cniMissing():
		return "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"
	default:
		return ""
	}
}

func wantedConditions(before []corev1.NodeCondition, notReady string) []corev1.NodeCondition {
	condition := func(kind corev1.NodeConditionType, status corev1.ConditionStatus, reason, message string) corev1.NodeCondition {
		wanted := corev1.NodeCondition{Type: kind}

		for _, known := range before {
			if known.Type == kind {
				wanted = known
			}
		}

		setCondition(&wanted, status, reason, message)

		return wanted
	}

	ready := condition(corev1.NodeReady, corev1.ConditionTrue, "KubeletReady", "kubelet is posting ready status")
	if notReady != "" {
		ready = condition(corev1.NodeReady, corev1.ConditionFalse, "KubeletNotReady", notReady)
	}

	return []corev1.NodeCondition{
		condition(corev1.NodeMemoryPressure, corev1.ConditionFalse, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
		condition(corev1.NodeDiskPressure, corev1.ConditionFalse, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
		condition(corev1.NodePIDPressure, corev1.ConditionFalse, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
		ready,
	}
}

// setCondition leaves the times alone when nothing changes, so that a status can be compared.
func setCondition(condition *corev1.NodeCondition, status corev1.ConditionStatus, reason, message string) {
	if condition.Status == status && condition.Reason == reason && condition.Message == message {
		return
	}

	now := metav1.Now().Rfc3339Copy()

	if condition.Status != status {
		condition.LastTransitionTime = now
	}

	condition.Status, condition.Reason, condition.Message, condition.LastHeartbeatTime = status, reason, message, now
}
