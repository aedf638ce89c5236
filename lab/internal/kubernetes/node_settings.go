package kubernetes

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	corev1 "k8s.io/api/core/v1"
)

// settings are what a machine configuration wants on its Node.
type settings struct {
	labels      map[string]string
	annotations map[string]string
	taints      []corev1.Taint
}

func settingsOf(provider config.Provider) settings {
	machine := provider.Machine()
	wanted := settings{labels: map[string]string{}, annotations: maps.Clone(machine.NodeAnnotations())}
	maps.Copy(wanted.labels, machine.NodeLabels())

	if machine.Type().IsControlPlane() {
		wanted.labels[constants.LabelNodeRoleControlPlane] = ""

		if !provider.Cluster().ScheduleOnControlPlanes() {
			wanted.taints = append(wanted.taints, corev1.Taint{Key: constants.LabelNodeRoleControlPlane, Effect: corev1.TaintEffectNoSchedule})
		}
	}

	for _, key := range slices.Sorted(maps.Keys(machine.NodeTaints())) {
		value, effect, found := strings.Cut(machine.NodeTaints()[key], ":")
		if !found {
			value, effect = "", value
		}

		wanted.taints = append(wanted.taints, corev1.Taint{Key: key, Value: value, Effect: corev1.TaintEffect(effect)})
	}

	return wanted
}

// applySettings changes a Node as Talos does and says whether anything changed. What Talos has put
// there it remembers in annotations: only that is changed or removed later.
func applySettings(node *corev1.Node, wanted settings) bool {
	before := node.DeepCopy()

	if node.Labels == nil {
		node.Labels = map[string]string{}
	}

	if node.Annotations == nil {
		node.Annotations = map[string]string{}
	}

	labels := owned(before, constants.AnnotationOwnedLabels)
	annotations := owned(before, constants.AnnotationOwnedAnnotations)
	taints := owned(before, constants.AnnotationOwnedTaints)

	applyPairs(node.Labels, labels, wanted.labels)
	applyPairs(node.Annotations, annotations, wanted.annotations)
	node.Spec.Taints = applyTaints(node.Spec.Taints, taints, wanted.taints)

	remember(node, constants.AnnotationOwnedLabels, labels)
	remember(node, constants.AnnotationOwnedAnnotations, annotations)
	remember(node, constants.AnnotationOwnedTaints, taints)

	return !maps.Equal(before.Labels, node.Labels) || !maps.Equal(before.Annotations, node.Annotations) ||
		!reflect.DeepEqual(before.Spec.Taints, node.Spec.Taints)
}

func owned(node *corev1.Node, annotation string) map[string]bool {
	var keys []string

	// What cannot be read is what Talos has not written: it owns nothing then.
	_ = json.Unmarshal([]byte(node.Annotations[annotation]), &keys)

	set := map[string]bool{}
	for _, key := range keys {
		set[key] = true
	}

	return set
}

func remember(node *corev1.Node, annotation string, set map[string]bool) {
	if len(set) == 0 {
		delete(node.Annotations, annotation)

		return
	}

	encoded, err := json.Marshal(slices.Sorted(maps.Keys(set)))
	if err == nil { // strings always encode
		node.Annotations[annotation] = string(encoded)
	}
}

func applyPairs(pairs map[string]string, set map[string]bool, wanted map[string]string) {
	for key, value := range wanted {
		current, exists := pairs[key]
		if !exists || current == value {
			set[key] = true
		}

		if set[key] {
			pairs[key] = value
		}
	}

	for key := range set {
		if _, still := wanted[key]; !still {
			delete(pairs, key)
			delete(set, key)
		}
	}
}

func applyTaints(current []corev1.Taint, set map[string]bool, wanted []corev1.Taint) []corev1.Taint {
	taints := slices.Clone(current)

	for _, taint := range wanted {
		index := slices.IndexFunc(taints, func(known corev1.Taint) bool { return known.Key == taint.Key })

		switch {
		case index < 0:
			taints = append(taints, taint)
			set[taint.Key] = true
		case set[taint.Key], taints[index].Value == taint.Value && taints[index].Effect == taint.Effect:
			taints[index].Value, taints[index].Effect = taint.Value, taint.Effect
			set[taint.Key] = true
		}
	}

	return slices.DeleteFunc(taints, func(known corev1.Taint) bool {
		if !set[known.Key] || slices.ContainsFunc(wanted, func(taint corev1.Taint) bool { return taint.Key == known.Key }) {
			return false
		}

		delete(set, known.Key)

		return true
	})
}
