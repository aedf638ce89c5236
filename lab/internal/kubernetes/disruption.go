package kubernetes

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
)

// disruptedTimeout is Kubernetes's: an evicted pod that is still there after that was never really evicted.
const disruptedTimeout = 2 * time.Minute

// disruption keeps the status of disruption budgets, from which kube-apiserver decides whether a pod may be evicted.
// Where Kubernetes asks a pod's controller how many pods there should be, it counts those there are: a lab has no controllers.
type disruption struct {
	client kubernetes.Interface
	wake   chan struct{}
}

func newDisruption(client kubernetes.Interface) *disruption {
	return &disruption{client: client, wake: make(chan struct{}, 1)}
}

func (disruption *disruption) followBudgets(ctx context.Context) {
	follow(ctx, func(ctx context.Context) (watch.Interface, error) {
		return disruption.client.PolicyV1().PodDisruptionBudgets("").Watch(ctx, metav1.ListOptions{})
	}, disruption.wake, disruption.reconcile)
}

func (disruption *disruption) followPods(ctx context.Context) {
	follow(ctx, func(ctx context.Context) (watch.Interface, error) {
		return disruption.client.CoreV1().Pods("").Watch(ctx, metav1.ListOptions{})
	}, nil, func(context.Context) error {
		wake(disruption.wake)

		return nil
	})
}

func (disruption *disruption) reconcile(ctx context.Context) error {
	budgets, err := disruption.client.PolicyV1().PodDisruptionBudgets("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}

	for _, budget := range budgets.Items {
		selector, err := metav1.LabelSelectorAsSelector(budget.Spec.Selector)
		if err != nil {
			continue // kube-apiserver lets none in
		}

		pods, err := disruption.client.CoreV1().Pods(budget.Namespace).List(ctx, metav1.ListOptions{LabelSelector: selector.String()})
		if err != nil {
			return err
		}

		status := budgetStatus(&budget, pods.Items, time.Now())
		if equality.Semantic.DeepEqual(status, budget.Status) {
			continue
		}

		budget.Status = status

		_, err = disruption.client.PolicyV1().PodDisruptionBudgets(budget.Namespace).UpdateStatus(ctx, &budget, metav1.UpdateOptions{})
		if err != nil && !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
			return err
		}
	}

	return nil
}

// budgetStatus is what a budget allows for its pods as they are.
func budgetStatus(budget *policyv1.PodDisruptionBudget, pods []corev1.Pod, now time.Time) policyv1.PodDisruptionBudgetStatus {
	status := *budget.Status.DeepCopy()
	status.DisruptedPods = stillDisrupted(status.DisruptedPods, pods, now)
	status.ObservedGeneration = budget.Generation
	status.ExpectedPods, status.DesiredHealthy = expected(budget, pods)
	status.CurrentHealthy = 0

	for _, pod := range pods {
		if _, evicted := status.DisruptedPods[pod.Name]; !evicted && pod.DeletionTimestamp == nil && readyPod(&pod) {
			status.CurrentHealthy++
		}
	}

	status.DisruptionsAllowed = max(status.CurrentHealthy-status.DesiredHealthy, 0)
	if status.ExpectedPods <= 0 {
		status.DisruptionsAllowed = 0
	}

	condition := metav1.Condition{
		Type: policyv1.DisruptionAllowedCondition, Status: metav1.ConditionFalse,
		Reason: policyv1.InsufficientPodsReason, ObservedGeneration: budget.Generation,
	}

	if status.DisruptionsAllowed > 0 {
		condition.Status, condition.Reason = metav1.ConditionTrue, policyv1.SufficientPodsReason
	}

	meta.SetStatusCondition(&status.Conditions, condition)

	return status
}

// expected is how many pods there should be, and how many of them healthy.
func expected(budget *policyv1.PodDisruptionBudget, pods []corev1.Pod) (count, healthy int32) {
	count = int32(len(pods))

	switch {
	case budget.Spec.MaxUnavailable != nil:
		return count, max(count-scaled(budget.Spec.MaxUnavailable, count), 0)
	case budget.Spec.MinAvailable != nil:
		return count, scaled(budget.Spec.MinAvailable, count)
	default:
		return 0, 0 // a budget that says neither allows nothing
	}
}

func scaled(value *intstr.IntOrString, total int32) int32 {
	number, err := intstr.GetScaledValueFromIntOrPercent(value, int(total), true)
	if err != nil {
		return total // kube-apiserver lets no other text in than a percentage
	}

	return int32(number)
}

// stillDisrupted are the pods whose eviction was granted and that are still on their way out.
func stillDisrupted(known map[string]metav1.Time, pods []corev1.Pod, now time.Time) map[string]metav1.Time {
	left := map[string]metav1.Time{}

	for _, pod := range pods {
		granted, evicted := known[pod.Name]
		if evicted && pod.DeletionTimestamp == nil && now.Sub(granted.Time) < disruptedTimeout {
			left[pod.Name] = granted
		}
	}

	if len(left) == 0 {
		return nil
	}

	return left
}

func readyPod(pod *corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}

	return false
}
