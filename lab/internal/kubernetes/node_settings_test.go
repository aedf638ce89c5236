package kubernetes

import (
	"maps"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestSettingsChangeOnlyWhatTalosOwns(test *testing.T) {
	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"by-hand": "kept", "taken": "by-hand"}},
		Spec:       corev1.NodeSpec{Taints: []corev1.Taint{{Key: "by-hand", Effect: corev1.TaintEffectNoExecute}}},
	}
	wanted := settings{
		labels: map[string]string{"rack": "r1", "taken": "by-talos"},
		taints: []corev1.Taint{{Key: "dedicated", Value: "gpu", Effect: corev1.TaintEffectNoSchedule}},
	}

	if !applySettings(node, wanted) || applySettings(node, wanted) {
		test.Fatal("the first time changes the node, the second does not")
	}

	if !maps.Equal(node.Labels, map[string]string{"by-hand": "kept", "taken": "by-hand", "rack": "r1"}) {
		test.Fatalf("labels: %v", node.Labels)
	}

	if got := node.Annotations["talos.dev/owned-labels"]; got != `["rack"]` {
		test.Fatalf("owned labels: %s", got)
	}

	wanted.labels["rack"] = "r2"
	wanted.taints = nil
	applySettings(node, wanted)

	if node.Labels["rack"] != "r2" || len(node.Spec.Taints) != 1 || node.Spec.Taints[0].Key != "by-hand" {
		test.Fatalf("after a change: %v %v", node.Labels, node.Spec.Taints)
	}

	applySettings(node, settings{})

	if !maps.Equal(node.Labels, map[string]string{"by-hand": "kept", "taken": "by-hand"}) || len(node.Annotations) != 0 {
		test.Fatalf("after removal: %v %v", node.Labels, node.Annotations)
	}
}

func TestConditionsKeepTheirTimes(test *testing.T) {
	first := wantedConditions(nil, "")
	for index := range first {
		first[index].LastTransitionTime = metav1.Unix(1, 0)
	}

	again := wantedConditions(first, "")
	if !slices.EqualFunc(first, again, func(one, other corev1.NodeCondition) bool { return one == other }) {
		test.Fatalf("unchanged conditions changed:\n%v\n%v", first, again)
	}

	missing := wantedConditions(first, "no CNI")
	if ready := missing[3]; ready.Status != corev1.ConditionFalse || ready.LastTransitionTime.Unix() == 1 {
		test.Fatalf("without a CNI: %v", ready)
	}
}

func TestLifecycleTaintsFollowConditions(test *testing.T) {
	foreign := corev1.Taint{Key: "foreign", Effect: corev1.TaintEffectNoSchedule}

	for _, sample := range []struct {
		status        corev1.ConditionStatus
		unschedulable bool
		keys          []string
	}{
		{corev1.ConditionTrue, false, []string{"foreign"}},
		{corev1.ConditionTrue, true, []string{"foreign", corev1.TaintNodeUnschedulable}},
		{corev1.ConditionFalse, false, []string{"foreign", corev1.TaintNodeNotReady, corev1.TaintNodeNotReady}},
		{corev1.ConditionUnknown, false, []string{"foreign", corev1.TaintNodeUnreachable, corev1.TaintNodeUnreachable}},
	} {
		node := &corev1.Node{
			Spec: corev1.NodeSpec{
				Unschedulable: sample.unschedulable,
				Taints:        []corev1.Taint{foreign, {Key: corev1.TaintNodeUnreachable, Effect: corev1.TaintEffectNoExecute}},
			},
			Status: corev1.NodeStatus{Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: sample.status}}},
		}

		var keys []string
		for _, taint := range withLifecycleTaints(node) {
			keys = append(keys, taint.Key)
		}

		if !slices.Equal(keys, sample.keys) {
			test.Errorf("Ready=%s unschedulable=%v: %v", sample.status, sample.unschedulable, keys)
		}
	}
}
