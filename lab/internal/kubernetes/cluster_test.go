package kubernetes_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"talos-cluster/lab/internal/kubernetes"
)

const labels = `machine:
  nodeLabels:
    example.com/rack: r1
  nodeAnnotations:
    example.com/note: "yes"
`

func TestClusterOfAControllerAndAWorker(test *testing.T) {
	lab := startLab(test)

	lab.eventually("both nodes Ready", func() bool { return lab.ready("controller-1") && lab.ready("worker-1") })
	test.Logf("nodes ready after %s", time.Since(lab.began).Round(time.Millisecond))

	controller, worker := lab.node("controller-1"), lab.node("worker-1")

	if address := controller.Status.Addresses[0]; address.Type != corev1.NodeInternalIP || address.Address != "127.0.211.11" {
		test.Fatalf("addresses: %v", controller.Status.Addresses)
	}

	if info := worker.Status.NodeInfo; info.KubeletVersion != "v1.35.0" || info.OSImage != "Talos (v1.12.0)" {
		test.Fatalf("node info: %v", info)
	}

	lab.eventually("labels and taints as the machine configurations have them", func() bool {
		controller, worker = lab.node("controller-1"), lab.node("worker-1")
		_, labelled := controller.Labels["node-role.kubernetes.io/control-plane"]

		return labelled && len(controller.Spec.Taints) == 1 && len(worker.Spec.Taints) == 0 &&
			worker.Labels["example.com/rack"] == "r1" && worker.Annotations["example.com/note"] == "yes"
	})

	lab.mirrorPods()
	lab.podLife()
	lab.orphan()
	lab.drain()
	lab.notReady()
	lab.versionChange()
	lab.silence()
}

// mirrorPods are one of each component, Ready, and carry what upgrade-k8s looks at.
func (lab *lab) mirrorPods() {
	lab.test.Helper()
	lab.eventually("three static pods Ready", func() bool { return len(lab.readyPods("kube-system")) == 3 })

	for _, pod := range lab.readyPods("kube-system") {
		name := pod.Labels["k8s-app"]
		if pod.Name != name+"-controller-1" || pod.Status.HostIP != "127.0.211.11" ||
			pod.Annotations["talos.dev/config-version"] != "7" || !strings.HasSuffix(pod.Spec.Containers[0].Image, ":v1.35.0") {
			lab.test.Fatalf("static pod %s: %v %v", pod.Name, pod.Annotations, pod.Status)
		}
	}

	if pods := lab.staticPods.Load(); pods == nil || len(*pods) != 3 {
		lab.test.Fatal("the machine was not told of its static pods")
	}
}

// podLife: a pod bound to a node runs, and is gone at once when it is deleted with a grace period.
func (lab *lab) podLife() {
	lab.test.Helper()

	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec:       corev1.PodSpec{NodeName: "worker-1", Containers: []corev1.Container{{Name: "web", Image: "web"}}},
	}
	pods := lab.client.CoreV1().Pods("default")

	lab.eventually("the pod is admitted", func() bool {
		_, err := pods.Create(lab.test.Context(), pod, metav1.CreateOptions{})

		return err == nil
	})
	lab.eventually("the pod runs", func() bool { return len(lab.readyPods("default")) == 1 })

	if err := pods.Delete(lab.test.Context(), "web", metav1.DeleteOptions{}); err != nil {
		lab.test.Fatal(err)
	}

	lab.eventually("the pod is gone", func() bool {
		_, err := pods.Get(lab.test.Context(), "web", metav1.GetOptions{})

		return apierrors.IsNotFound(err)
	})
}

// orphan: a pod whose Node is gone is deleted, since no kubelet is left that would end it.
func (lab *lab) orphan() {
	lab.test.Helper()

	pods := lab.client.CoreV1().Pods("default")
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "orphan"},
		Spec:       corev1.PodSpec{NodeName: "worker-9", Containers: []corev1.Container{{Name: "web", Image: "web"}}},
	}

	_, err := pods.Create(lab.test.Context(), pod, metav1.CreateOptions{})
	must(lab.test, err)
	lab.eventually("the orphan is gone", func() bool {
		_, err := pods.Get(lab.test.Context(), "orphan", metav1.GetOptions{})

		return apierrors.IsNotFound(err)
	})
}

// versionChange: what upgrade-k8s changes reaches the Node and the pods while the machine runs.
func (lab *lab) versionChange() {
	lab.test.Helper()

	node := lab.controller
	node.Config = lab.cluster.Config(lab.test, machine.TypeControlPlane, `machine:
  kubelet:
    image: ghcr.io/siderolabs/kubelet:v1.35.3
cluster:
  scheduler:
    image: registry.k8s.io/kube-scheduler:v1.35.3
`)

	pods, err := kubernetes.StaticPods(node, kubernetes.ConfigVersions{APIServer: "7", ControllerManager: "7", Scheduler: "8"})
	must(lab.test, err)
	must(lab.test, lab.controllerKubelet.Start(lab.test.Context(), node, pods))
	must(lab.test, lab.server.Start(lab.test.Context(), node)) // nothing of it changed: goes on running

	lab.eventually("kubelet and scheduler have the new version", func() bool {
		scheduler := slices.IndexFunc(lab.readyPods("kube-system"), func(pod corev1.Pod) bool {
			return pod.Labels["k8s-app"] == "kube-scheduler" && pod.Annotations["talos.dev/config-version"] == "8"
		})

		return scheduler >= 0 && lab.node("controller-1").Status.NodeInfo.KubeletVersion == "v1.35.3"
	})
}

// silence: a machine that is off becomes NotReady, and Ready again with the certificate it kept.
func (lab *lab) silence() {
	lab.test.Helper()

	must(lab.test, lab.workerKubelet.Stop(lab.test.Context()))

	if err := lab.workerKubelet.Healthy(lab.test.Context()); err == nil {
		lab.test.Fatal("a stopped kubelet must not be healthy")
	}

	lab.eventually("the worker is Unknown and tainted", func() bool {
		worker := lab.node("worker-1")

		return readyStatus(worker) == corev1.ConditionUnknown && slices.ContainsFunc(worker.Spec.Taints, func(taint corev1.Taint) bool {
			return taint.Key == corev1.TaintNodeUnreachable
		})
	})

	requests := len(lab.certificateRequests())

	must(lab.test, lab.workerKubelet.Start(lab.test.Context(), lab.worker, nil))
	lab.eventually("the worker is back", func() bool {
		return lab.ready("worker-1") && len(lab.node("worker-1").Spec.Taints) == 0
	})

	if now := len(lab.certificateRequests()); now != requests {
		lab.test.Fatalf("%d certificate requests before the reboot, %d after", requests, now)
	}

	must(lab.test, lab.workerKubelet.Shutdown(lab.test.Context()))

	if status := readyStatus(lab.node("worker-1")); status != corev1.ConditionFalse {
		lab.test.Fatalf("Ready is %s after an orderly end", status)
	}
}

func TestKubeletWaitsForTheAPI(test *testing.T) {
	lab := newLab(test)
	kubelet := kubernetes.NewKubelet(kubernetes.KubeletOptions{Directory: filepath.Join(test.TempDir(), "machine")})

	must(test, kubelet.Start(test.Context(), lab.worker, nil))

	if err := kubelet.Healthy(test.Context()); err == nil {
		test.Fatal("a kubelet without certificate must not be healthy")
	}

	must(test, kubelet.Stop(context.Background()))
}
