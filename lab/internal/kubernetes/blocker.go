package kubernetes

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// blockerNamespace is where the lab puts the pods that block drains.
const blockerNamespace = "lab-faults"

// Blocker is a pod with a disruption budget of none: it stands on a node and may not be evicted from it.
type Blocker struct {
	client kubernetes.Interface
	name   string
	node   string
}

// NewBlocker makes the blocker of a node; nothing is written yet.
func NewBlocker(configuration *rest.Config, node string) (*Blocker, error) {
	client, err := newClient(configuration, nil)

	return &Blocker{client: client, name: "drain-blocked-" + node, node: node}, err
}

// Place makes the pod, if it is not there, and all that it needs.
func (blocker *Blocker) Place(ctx context.Context) error {
	_, err := blocker.client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{Name: blockerNamespace},
	}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}

	labels := map[string]string{"app": blocker.name}
	none := intstr.FromInt32(0)

	_, err = blocker.client.PolicyV1().PodDisruptionBudgets(blockerNamespace).Create(ctx, &policyv1.PodDisruptionBudget{
		ObjectMeta: metav1.ObjectMeta{Name: blocker.name},
		Spec:       policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &none, Selector: &metav1.LabelSelector{MatchLabels: labels}},
	}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}

	owner, err := blocker.owner(ctx, labels)
	if err != nil {
		return err
	}

	_, err = blocker.client.CoreV1().Pods(blockerNamespace).Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: blocker.name, Labels: labels, OwnerReferences: []metav1.OwnerReference{owner}},
		Spec:       blocker.pod(),
	}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}

	return nil
}

// owner is a ReplicaSet, since tools that drain refuse to touch a pod that nobody would make again.
func (blocker *Blocker) owner(ctx context.Context, labels map[string]string) (metav1.OwnerReference, error) {
	sets := blocker.client.AppsV1().ReplicaSets(blockerNamespace)

	set, err := sets.Get(ctx, blocker.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		set, err = sets.Create(ctx, &appsv1.ReplicaSet{
			ObjectMeta: metav1.ObjectMeta{Name: blocker.name},
			Spec: appsv1.ReplicaSetSpec{
				Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: blocker.pod()},
			},
		}, metav1.CreateOptions{})
	}

	if err != nil {
		return metav1.OwnerReference{}, err
	}

	return *metav1.NewControllerRef(set, appsv1.SchemeGroupVersion.WithKind("ReplicaSet")), nil
}

func (blocker *Blocker) pod() corev1.PodSpec {
	return corev1.PodSpec{NodeName: blocker.node, Containers: []corev1.Container{{Name: "blocker", Image: "registry.k8s.io/pause:3.10"}}}
}

// Remove deletes the pod and its budget.
func (blocker *Blocker) Remove(ctx context.Context) error {
	now := metav1.NewDeleteOptions(0)

	for _, remove := range []func() error{
		func() error {
			return blocker.client.PolicyV1().PodDisruptionBudgets(blockerNamespace).Delete(ctx, blocker.name, *now)
		},
		func() error {
			return blocker.client.AppsV1().ReplicaSets(blockerNamespace).Delete(ctx, blocker.name, *now)
		},
		func() error { return blocker.client.CoreV1().Pods(blockerNamespace).Delete(ctx, blocker.name, *now) },
	} {
		if err := remove(); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}

	return nil
}
