package kubernetes

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// keepRunning writes a pod's status when it is not that of a running pod.
func keepRunning(ctx context.Context, client kubernetes.Interface, pod *corev1.Pod, host netip.Addr, started metav1.Time, ready bool) error {
	if pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return nil
	}

	wanted := runningStatus(pod, host, started, ready)
	wanted.QOSClass, wanted.ObservedGeneration = pod.Status.QOSClass, pod.Status.ObservedGeneration

	if equality.Semantic.DeepEqual(wanted, pod.Status) {
		return nil
	}

	pod.Status = wanted
	_, err := client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, pod, metav1.UpdateOptions{})

	return err
}

// runningStatus is that of a pod whose containers all run since it was started.
func runningStatus(pod *corev1.Pod, host netip.Addr, started metav1.Time, ready bool) corev1.PodStatus {
	readiness := corev1.ConditionFalse
	if ready {
		readiness = corev1.ConditionTrue
	}

	address := podAddress(pod, host)
	status := corev1.PodStatus{
		Phase:     corev1.PodRunning,
		HostIP:    host.String(),
		HostIPs:   []corev1.HostIP{{IP: host.String()}},
		PodIP:     address,
		PodIPs:    []corev1.PodIP{{IP: address}},
		StartTime: &started,
	}

	for _, condition := range []struct {
		kind   corev1.PodConditionType
		status corev1.ConditionStatus
	}{
		{corev1.PodReadyToStartContainers, corev1.ConditionTrue},
		{corev1.PodInitialized, corev1.ConditionTrue},
		{corev1.PodReady, readiness},
		{corev1.ContainersReady, readiness},
		{corev1.PodScheduled, corev1.ConditionTrue},
	} {
		status.Conditions = append(status.Conditions, podCondition(pod, condition.kind, condition.status, started))
	}

	for _, container := range pod.Spec.Containers {
		running := true
		status.ContainerStatuses = append(status.ContainerStatuses, corev1.ContainerStatus{
			Name:    container.Name,
			Image:   container.Image,
			ImageID: container.Image,
			Ready:   ready,
			Started: &running,
			State:   corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}},
		})
	}

	return status
}

// podCondition keeps the time of a condition that stays as it was.
func podCondition(pod *corev1.Pod, kind corev1.PodConditionType, status corev1.ConditionStatus, started metav1.Time) corev1.PodCondition {
	for _, known := range pod.Status.Conditions {
		if known.Type != kind {
			continue
		}

		if known.Status != status {
			known.Status, known.LastTransitionTime = status, metav1.Now().Rfc3339Copy()
		}

		return known
	}

	return corev1.PodCondition{Type: kind, Status: status, LastTransitionTime: started, ObservedGeneration: pod.Generation}
}

// podAddress is the host's for a pod on the host's network, and else one of the pod network's that
// no other pod is likely to have.
func podAddress(pod *corev1.Pod, host netip.Addr) string {
	if pod.Spec.HostNetwork {
		return host.String()
	}

	hash := fnv.New32a()
	_, _ = hash.Write([]byte(pod.UID)) // a hash never fails
	sum := hash.Sum32()

	return fmt.Sprintf("10.244.%d.%d", byte(sum>>8), max(byte(sum), 1))
}
