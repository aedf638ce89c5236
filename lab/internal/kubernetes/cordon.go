package kubernetes

import (
	"github.com/siderolabs/talos/pkg/machinery/constants"
	corev1 "k8s.io/api/core/v1"
)

// applyCordon keeps new pods away or lets them come again, and says whether anything changed. Talos takes back only what
// it did itself: a Node that a person cordoned stays so.
func applyCordon(node *corev1.Node, wanted bool) bool {
	_, ours := node.Annotations[constants.AnnotationCordonedKey]

	switch {
	case wanted && !node.Spec.Unschedulable:
		if node.Annotations == nil {
			node.Annotations = map[string]string{}
		}

		node.Spec.Unschedulable = true
		node.Annotations[constants.AnnotationCordonedKey] = constants.AnnotationCordonedValue
	case !wanted && node.Spec.Unschedulable && ours:
		node.Spec.Unschedulable = false
		delete(node.Annotations, constants.AnnotationCordonedKey)
	default:
		return false
	}

	return true
}
