package kubernetes

import (
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/constants"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func podNamed(name string, ready corev1.ConditionStatus) corev1.Pod {
	return corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Status:     corev1.PodStatus{Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: ready}}},
	}
}

func TestBudgetStatus(test *testing.T) {
	now := time.Now()
	ending := podNamed("c", corev1.ConditionTrue)
	ending.DeletionTimestamp = &metav1.Time{Time: now}

	three := []corev1.Pod{
		podNamed("a", corev1.ConditionTrue), podNamed("b", corev1.ConditionTrue), podNamed("c", corev1.ConditionTrue),
	}
	value := func(value intstr.IntOrString) *intstr.IntOrString { return &value }

	for name, sample := range map[string]struct {
		spec     policyv1.PodDisruptionBudgetSpec
		pods     []corev1.Pod
		evicted  map[string]metav1.Time
		allowed  int32
		healthy  int32
		desired  int32
		disputed int
	}{
		"one may go":           {spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(1))}, pods: three, allowed: 1, healthy: 3, desired: 2},
		"none may go":          {spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(0))}, pods: three, healthy: 3, desired: 3},
		"two must stay":        {spec: policyv1.PodDisruptionBudgetSpec{MinAvailable: value(intstr.FromInt32(2))}, pods: three, allowed: 1, healthy: 3, desired: 2},
		"half of three is two": {spec: policyv1.PodDisruptionBudgetSpec{MinAvailable: value(intstr.FromString("50%"))}, pods: three, allowed: 1, healthy: 3, desired: 2},
		"one ends already": {
			spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(1))},
			pods: []corev1.Pod{three[0], three[1], ending}, healthy: 2, desired: 2,
		},
		"one is not ready": {
			spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(1))},
			pods: []corev1.Pod{three[0], podNamed("b", corev1.ConditionFalse), three[2]}, healthy: 2, desired: 2,
		},
		"one was evicted and does not end yet": {
			spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(1))},
			pods: three, evicted: map[string]metav1.Time{"a": {Time: now.Add(-time.Minute)}}, healthy: 2, desired: 2, disputed: 1,
		},
		"one was evicted long ago and is still there": {
			spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(1))},
			pods: three, evicted: map[string]metav1.Time{"a": {Time: now.Add(-time.Hour)}}, allowed: 1, healthy: 3, desired: 2,
		},
		"one was evicted and is gone": {
			spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: value(intstr.FromInt32(1))},
			pods: three[1:], evicted: map[string]metav1.Time{"a": {Time: now}}, allowed: 1, healthy: 2, desired: 1,
		},
		"no pods":              {spec: policyv1.PodDisruptionBudgetSpec{MinAvailable: value(intstr.FromInt32(0))}},
		"more wanted than are": {spec: policyv1.PodDisruptionBudgetSpec{MinAvailable: value(intstr.FromInt32(5))}, pods: three, healthy: 3, desired: 5},
	} {
		status := budgetStatus(&policyv1.PodDisruptionBudget{
			ObjectMeta: metav1.ObjectMeta{Generation: 7}, Spec: sample.spec, Status: policyv1.PodDisruptionBudgetStatus{DisruptedPods: sample.evicted},
		}, sample.pods, now)

		if status.DisruptionsAllowed != sample.allowed || status.CurrentHealthy != sample.healthy || status.DesiredHealthy != sample.desired ||
			len(status.DisruptedPods) != sample.disputed || status.ExpectedPods != int32(len(sample.pods)) || status.ObservedGeneration != 7 {
			test.Errorf("%s: %+v", name, status)
		}
	}
}

func TestCordon(test *testing.T) {
	node := &corev1.Node{}

	if !applyCordon(node, true) || !node.Spec.Unschedulable || node.Annotations[constants.AnnotationCordonedKey] == "" {
		test.Fatalf("not cordoned: %v", node)
	}

	if applyCordon(node, true) {
		test.Error("cordoned twice")
	}

	if !applyCordon(node, false) || node.Spec.Unschedulable || len(node.Annotations) != 0 {
		test.Fatalf("not uncordoned: %v", node)
	}

	byHand := &corev1.Node{Spec: corev1.NodeSpec{Unschedulable: true}}
	if applyCordon(byHand, false) || !byHand.Spec.Unschedulable {
		test.Error("what a person cordoned was uncordoned")
	}
}
