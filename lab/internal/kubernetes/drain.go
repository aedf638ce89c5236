package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
)

// Talos waits a minute for the Node to be cordoned and five for its pods to go; a lab's pods go at once or not at all.
const (
	cordonTimeout = 10 * time.Second
	drainTimeout  = 20 * time.Second
	drainInterval = 250 * time.Millisecond
)

// evictionGraceSeconds is how long an evicted pod may take to end.
const evictionGraceSeconds = 60

// Drain evicts the pods of the Node, which must be about to be cordoned (Node.Cordoned), as Talos does on the machine
// itself. It respects disruption budgets, and like Talos it gives up on a pod that may not go and is done nevertheless.
// A machine that never joined has nothing to drain.
func (kubelet *Kubelet) Drain(ctx context.Context) error {
	kubelet.mutex.Lock()
	client, name := kubelet.client, kubelet.node.Hostname
	kubelet.mutex.Unlock()

	if client == nil {
		return nil
	}

	if err := kubelet.waitCordoned(ctx); err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()

	pods, err := client.CoreV1().Pods("").List(ctx, metav1.ListOptions{FieldSelector: "spec.nodeName=" + name})
	if err != nil {
		return fmt.Errorf("cannot get pods for node %s: %w", name, err)
	}

	var evictions errgroup.Group

	for _, pod := range pods.Items {
		owner := metav1.GetControllerOf(&pod)
		if _, mirror := pod.Annotations[corev1.MirrorPodAnnotationKey]; mirror || owner == nil || owner.Kind == "DaemonSet" {
			continue
		}

		evictions.Go(func() error {
			if err := evict(ctx, client, &pod); err != nil {
				kubelet.log("WARNING: failed to evict pod: %v", err)
			}

			return nil
		})
	}

	return evictions.Wait()
}

func (kubelet *Kubelet) waitCordoned(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cordonTimeout)
	defer cancel()

	for {
		kubelet.mutex.Lock()
		registered := kubelet.registered
		kubelet.mutex.Unlock()

		if registered != nil && registered.Spec.Unschedulable {
			return nil
		}

		if err := pause.For(ctx, drainInterval); err != nil {
			return err
		}
	}
}

// evict asks until the pod may go, and waits until it is gone.
func evict(ctx context.Context, client kubernetes.Interface, pod *corev1.Pod) error {
	grace := int64(evictionGraceSeconds)
	pods := client.CoreV1().Pods(pod.Namespace)
	asked := false

	for {
		err := error(nil)

		if !asked {
			err = pods.EvictV1(ctx, &policyv1.Eviction{
				ObjectMeta:    metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name},
				DeleteOptions: &metav1.DeleteOptions{GracePeriodSeconds: &grace},
			})
			asked = err == nil
		} else if found, getErr := pods.Get(ctx, pod.Name, metav1.GetOptions{}); getErr != nil || found.UID != pod.UID {
			err = getErr
			if err == nil {
				return nil
			}
		}

		switch {
		case apierrors.IsNotFound(err):
			return nil
		case err != nil && !apierrors.IsTooManyRequests(err):
			return fmt.Errorf("failed to evict pod %s/%s: %w", pod.Namespace, pod.Name, err)
		}

		if waited := pause.For(ctx, drainInterval); waited != nil {
			return errors.Join(fmt.Errorf("failed to evict pod %s/%s: %w", pod.Namespace, pod.Name, waited), err)
		}
	}
}
