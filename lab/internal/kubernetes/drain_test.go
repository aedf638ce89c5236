package kubernetes_test

import (
	"context"
	"time"

	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"talos-cluster/lab/internal/kubernetes"
)

// drain: a pod without any disruption allowed stays where it is, whoever drains, and goes when it is free to.
func (lab *lab) drain() {
	lab.test.Helper()

	ctx := lab.test.Context()
	admin, err := kubernetes.AdminConfig(lab.controller.Config, "")
	must(lab.test, err)

	blocker, err := kubernetes.NewBlocker(admin, "worker-1")
	must(lab.test, err)
	lab.eventually("the blocker is placed", func() bool { return blocker.Place(ctx) == nil })
	must(lab.test, blocker.Place(ctx)) // a second time: nothing more
	lab.eventually("the blocker runs", func() bool { return len(lab.readyPods("lab-faults")) == 1 })

	pod := lab.readyPods("lab-faults")[0]

	err = lab.client.CoreV1().Pods(pod.Namespace).EvictV1(ctx, &policyv1.Eviction{
		ObjectMeta: metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name},
	})
	if !apierrors.IsTooManyRequests(err) {
		lab.test.Fatalf("eviction of a pod that may not go: %v", err)
	}

	node := lab.worker
	node.Cordoned = true
	must(lab.test, lab.workerKubelet.Start(ctx, node, nil))

	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	must(lab.test, lab.workerKubelet.Drain(short))

	if len(lab.readyPods("lab-faults")) != 1 || !lab.node("worker-1").Spec.Unschedulable {
		lab.test.Fatal("the drain took the pod, or the Node is not cordoned")
	}

	must(lab.test, lab.client.PolicyV1().PodDisruptionBudgets(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{}))
	must(lab.test, lab.workerKubelet.Drain(ctx))

	if pods := lab.readyPods("lab-faults"); len(pods) != 0 {
		lab.test.Fatalf("left after the drain: %v", pods)
	}

	must(lab.test, blocker.Remove(ctx))
	must(lab.test, lab.workerKubelet.Start(ctx, lab.worker, nil))
	lab.eventually("the worker is uncordoned", func() bool { return !lab.node("worker-1").Spec.Unschedulable })
}

// notReady: the kubelet says so, and takes it back.
func (lab *lab) notReady() {
	lab.test.Helper()

	node := lab.worker
	node.NotReady = true
	must(lab.test, lab.workerKubelet.Start(lab.test.Context(), node, nil))
	lab.eventually("the worker is not Ready", func() bool { return !lab.ready("worker-1") })
	must(lab.test, lab.workerKubelet.Start(lab.test.Context(), lab.worker, nil))
	lab.eventually("the worker is Ready again", func() bool { return lab.ready("worker-1") })
}
