package kubernetes

import (
	"context"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
)

const (
	lifecycleInterval = time.Second
	silentReason      = "NodeStatusUnknown"
	silentMessage     = "Kubelet stopped posting node status."
)

// heartbeat is the last one of a kubelet, and when this host's clock saw it.
type heartbeat struct {
	renewed string
	at      time.Time
}

// nodeLifecycle watches over Nodes as the controller of that name does: a kubelet that has been
// silent for the grace makes its Node's conditions Unknown, and taints follow from conditions.
type nodeLifecycle struct {
	client kubernetes.Interface
	grace  time.Duration
	log    func(string, ...any)
	seen   map[string]heartbeat
}

func (lifecycle *nodeLifecycle) run(ctx context.Context) {
	for pause.For(ctx, lifecycleInterval) == nil {
		// Whatever failed is tried again at the next round.
		_ = lifecycle.reconcile(ctx)
	}
}

func (lifecycle *nodeLifecycle) reconcile(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	leases, err := lifecycle.client.CoordinationV1().Leases(corev1.NamespaceNodeLease).List(ctx, metav1.ListOptions{})
	if err != nil {
		// While nobody can write a heartbeat, silence means nothing.
		clear(lifecycle.seen)

		return err
	}

	renewals := map[string]string{}
	for _, lease := range leases.Items {
		if lease.Spec.RenewTime != nil {
			renewals[lease.Name] = lease.Spec.RenewTime.String()
		}
	}

	list, err := lifecycle.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}

	for _, node := range list.Items {
		if err := lifecycle.look(ctx, &node, lifecycle.silent(node.Name, renewals[node.Name])); err != nil && !apierrors.IsConflict(err) {
			return err
		}
	}

	return nil
}

// silent goes by this host's clock since the lease last changed, so that clocks may differ.
func (lifecycle *nodeLifecycle) silent(name, renewed string) bool {
	last, known := lifecycle.seen[name]
	if !known || last.renewed != renewed {
		lifecycle.seen[name] = heartbeat{renewed: renewed, at: time.Now()}

		return false
	}

	return time.Since(last.at) > lifecycle.grace
}

func (lifecycle *nodeLifecycle) look(ctx context.Context, node *corev1.Node, silent bool) error {
	if silent && makeUnknown(node) {
		lifecycle.log("node %s has been silent for %s", node.Name, lifecycle.grace)

		updated, err := lifecycle.client.CoreV1().Nodes().UpdateStatus(ctx, node, metav1.UpdateOptions{})
		if err != nil {
			return err
		}

		node = updated
	}

	if condition := readyCondition(node); condition != nil && condition.Status != corev1.ConditionTrue {
		if err := lifecycle.markPodsNotReady(ctx, node.Name); err != nil {
			return err
		}
	}

	wanted := withLifecycleTaints(node)
	if slices.EqualFunc(wanted, node.Spec.Taints, func(one, other corev1.Taint) bool { return one.MatchTaint(&other) }) {
		return nil
	}

	node.Spec.Taints = wanted
	_, err := lifecycle.client.CoreV1().Nodes().Update(ctx, node, metav1.UpdateOptions{})

	return err
}

// makeUnknown says whether anything was left to change.
func makeUnknown(node *corev1.Node) bool {
	changed := false

	for index := range node.Status.Conditions {
		condition := &node.Status.Conditions[index]
		if condition.Status != corev1.ConditionUnknown {
			condition.Status, condition.Reason, condition.Message = corev1.ConditionUnknown, silentReason, silentMessage
			condition.LastTransitionTime = metav1.Now()
			changed = true
		}
	}

	return changed
}

func readyCondition(node *corev1.Node) *corev1.NodeCondition {
	for index := range node.Status.Conditions {
		if node.Status.Conditions[index].Type == corev1.NodeReady {
			return &node.Status.Conditions[index]
		}
	}

	return nil
}

// withLifecycleTaints keeps everybody else's taints and puts those that follow from the node's state.
func withLifecycleTaints(node *corev1.Node) []corev1.Taint {
	own := []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable, corev1.TaintNodeUnschedulable}
	taints := slices.DeleteFunc(slices.Clone(node.Spec.Taints), func(taint corev1.Taint) bool {
		return slices.Contains(own, taint.Key)
	})

	key := ""

	switch condition := readyCondition(node); {
	case condition == nil || condition.Status == corev1.ConditionFalse:
		key = corev1.TaintNodeNotReady
	case condition.Status == corev1.ConditionUnknown:
		key = corev1.TaintNodeUnreachable
	}

	if key != "" {
		now := metav1.Now()
		taints = append(taints,
			corev1.Taint{Key: key, Effect: corev1.TaintEffectNoSchedule, TimeAdded: &now},
			corev1.Taint{Key: key, Effect: corev1.TaintEffectNoExecute, TimeAdded: &now})
	}

	if node.Spec.Unschedulable {
		taints = append(taints, corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule})
	}

	return taints
}

func (lifecycle *nodeLifecycle) markPodsNotReady(ctx context.Context, nodeName string) error {
	pods, err := lifecycle.client.CoreV1().Pods("").List(ctx, metav1.ListOptions{FieldSelector: "spec.nodeName=" + nodeName})
	if err != nil {
		return err
	}

	for _, pod := range pods.Items {
		for index := range pod.Status.Conditions {
			condition := &pod.Status.Conditions[index]
			if condition.Type != corev1.PodReady || condition.Status != corev1.ConditionTrue {
				continue
			}

			condition.Status, condition.LastTransitionTime = corev1.ConditionFalse, metav1.Now()

			if _, err := lifecycle.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, &pod, metav1.UpdateOptions{}); err != nil {
				return err
			}
		}
	}

	return nil
}
