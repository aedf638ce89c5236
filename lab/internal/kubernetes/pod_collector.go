package kubernetes

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
)

const (
	collectInterval = 3 * time.Second
	// quarantine is how long a Node must be missing, shortened from Kubernetes's 40 s as the kubelet's heartbeat is.
	quarantine = 5 * time.Second
)

// podCollector deletes the pods of Nodes that are gone, mirror pods among them: no kubelet is left that would.
type podCollector struct {
	client  kubernetes.Interface
	missing map[string]time.Time
}

func newPodCollector(client kubernetes.Interface) *podCollector {
	return &podCollector{client: client, missing: map[string]time.Time{}}
}

func (collector *podCollector) run(ctx context.Context) {
	for pause.For(ctx, collectInterval) == nil {
		// Whatever failed is tried again at the next round.
		_ = collector.collect(ctx)
	}
}

func (collector *podCollector) collect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	pods, err := collector.client.CoreV1().Pods("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}

	// After the pods: the Node of each of them was there before it, or is none.
	nodes, err := collector.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}

	known := map[string]bool{"": true}

	for _, node := range nodes.Items {
		known[node.Name] = true
		delete(collector.missing, node.Name)
	}

	for _, pod := range pods.Items {
		if known[pod.Spec.NodeName] || !collector.isOut(pod.Spec.NodeName) {
			continue
		}

		if err := collector.remove(ctx, &pod); err != nil {
			return err
		}
	}

	return nil
}

// isOut tells whether a Node has been missing for long enough.
func (collector *podCollector) isOut(node string) bool {
	since, noted := collector.missing[node]
	if !noted {
		collector.missing[node] = time.Now()

		return false
	}

	return time.Since(since) > quarantine
}

func (collector *podCollector) remove(ctx context.Context, pod *corev1.Pod) error {
	options := metav1.NewDeleteOptions(0)
	options.Preconditions = metav1.NewUIDPreconditions(string(pod.UID))

	err := collector.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, *options)
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil
	}

	return err
}
