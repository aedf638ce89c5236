package machine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	corev1 "k8s.io/api/core/v1"

	"talos-cluster/lab/internal/resources"
)

// unmet lists what a machine still lacks, in Talos's order and words. The network is always there on an emulated machine.
func unmet(facts resources.Facts) []runtime.UnmetCondition {
	if !hasReadiness(facts.Stage) {
		return nil
	}

	conditions := []runtime.UnmetCondition(nil)

	for _, check := range []struct {
		name   string
		reason string
	}{
		{"time", timeReason(facts)},
		{"services", servicesReason(facts)},
		{"staticPods", staticPodsReason(facts)},
		{"nodeReady", nodeReason(facts)},
	} {
		if check.reason != "" {
			conditions = append(conditions, runtime.UnmetCondition{Name: check.name, Reason: check.reason})
		}
	}

	return conditions
}

func timeReason(facts resources.Facts) string {
	if facts.ClockWrong {
		return "time is not synced"
	}

	return ""
}

func servicesReason(facts resources.Facts) string {
	required := []string{"apid", "machined", "kubelet"}
	if facts.ControlPlane() {
		required = append(required, "etcd", "trustd")
	}

	problems, running := []string(nil), []string(nil)

	for _, service := range facts.Services {
		running = append(running, service.ID)

		if !service.Unknown && !service.Healthy {
			problems = append(problems, service.ID+" not healthy")
		}
	}

	for _, id := range required {
		if !slices.Contains(running, id) {
			problems = append(problems, id+" not running")
		}
	}

	return strings.Join(problems, ", ")
}

func staticPodsReason(facts resources.Facts) string {
	problems := []string(nil)

	for _, pod := range facts.PodStatuses {
		id := pod.Namespace + "/" + pod.Name

		switch pod.Status.Phase {
		case corev1.PodSucceeded:
		case corev1.PodRunning:
			if !podReady(pod) {
				problems = append(problems, id+" not ready")
			}
		case corev1.PodPending, corev1.PodFailed, corev1.PodUnknown:
			problems = append(problems, id+" "+strings.ToLower(string(pod.Status.Phase)))
		}
	}

	return strings.Join(problems, ", ")
}

func podReady(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(condition corev1.PodCondition) bool {
		return condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue
	})
}

func nodeReason(facts resources.Facts) string {
	if !facts.Complete() || facts.Config.Machine().Kubelet().SkipNodeRegistration() {
		return ""
	}

	name := resources.Nodename(facts)

	switch {
	case facts.Node == nil:
		return fmt.Sprintf("node %q status is not available yet", name)
	case !resources.NodeReady(facts.Node):
		return fmt.Sprintf("node %q is not ready", name)
	default:
		return ""
	}
}
