package kubernetes_test

import (
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientset "k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/etcd"
	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/testcluster"
)

// lab is a controller and a worker, without the machines under them.
type lab struct {
	test    *testing.T
	began   time.Time
	cluster *testcluster.Cluster

	controller, worker               kubernetes.Node
	controllerKubelet, workerKubelet *kubernetes.Kubelet
	server                           *kubernetes.APIServer
	staticPods                       atomic.Pointer[[]corev1.Pod]
	client                           *clientset.Clientset
}

func newLab(test *testing.T) *lab {
	test.Helper()

	cluster := testcluster.New(test, "https://127.0.211.1:6443")
	node := func(name, address string, kind machine.Type) kubernetes.Node {
		return kubernetes.Node{
			Hostname: name, Address: testcluster.Address(address), TalosVersion: "v1.12.0", BootID: name, MachineID: name,
			Config: cluster.Config(test, kind, labels),
		}
	}

	return &lab{
		test: test, cluster: cluster,
		controller: node("controller-1", "127.0.211.11", machine.TypeControlPlane),
		worker:     node("worker-1", "127.0.211.21", machine.TypeWorker),
	}
}

func startLab(test *testing.T) *lab {
	test.Helper()

	lab := newLab(test)
	ctx := test.Context()
	directory := test.TempDir()
	logFile, err := os.Create(filepath.Join(directory, "log"))
	must(test, err)

	log := &lockedWriter{writer: logFile}

	member := etcd.New(etcd.Options{
		Binary: testcluster.Program(test, "TALOS_LAB_ETCD", "etcd"), Directory: directory, Address: lab.controller.Address,
	})
	lab.server = kubernetes.NewAPIServer(kubernetes.APIServerOptions{
		Binary: testcluster.Program(test, "TALOS_LAB_KUBE_APISERVER", "kube-apiserver"), Directory: directory, Log: log,
	})
	manager := kubernetes.NewControllerManager(kubernetes.ControllerManagerOptions{Log: log, NodeMonitorGrace: 5 * time.Second})
	balancer := kubernetes.NewBalancer(netip.MustParseAddrPort("127.0.211.1:6443"), func() []netip.AddrPort {
		return []netip.AddrPort{netip.AddrPortFrom(lab.controller.Address, 6443)}
	})
	lab.controllerKubelet = kubernetes.NewKubelet(kubernetes.KubeletOptions{
		Directory: directory, Log: log,
		PodReady:     func(string) bool { return lab.server.Ready(ctx) == nil },
		OnStaticPods: func(pods []corev1.Pod) { lab.staticPods.Store(&pods) },
	})
	lab.workerKubelet = kubernetes.NewKubelet(kubernetes.KubeletOptions{Directory: filepath.Join(directory, "worker"), Log: log})

	test.Cleanup(func() {
		background := context.Background()
		for _, stop := range []func(context.Context) error{
			lab.workerKubelet.Stop, lab.controllerKubelet.Stop, manager.Stop, balancer.Stop, lab.server.Stop, member.Kill,
		} {
			if err := stop(background); err != nil {
				test.Error(err)
			}
		}

		if test.Failed() {
			written, _ := os.ReadFile(logFile.Name())
			test.Logf("%s", written)
		}
	})

	pods, err := kubernetes.StaticPods(lab.controller, kubernetes.ConfigVersions{APIServer: "7", ControllerManager: "7", Scheduler: "7"})
	must(test, err)

	lab.began = time.Now()

	must(test, balancer.Start(ctx))
	must(test, member.Bootstrap(ctx, etcd.Node{Hostname: "controller-1", Config: lab.controller.Config}))
	must(test, member.WaitHealthy(ctx))
	must(test, lab.server.Start(ctx, lab.controller))
	must(test, manager.Start(ctx, lab.controller))
	must(test, lab.controllerKubelet.Start(ctx, lab.controller, pods))
	must(test, lab.workerKubelet.Start(ctx, lab.worker, nil))

	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()

	must(test, lab.server.WaitReady(wait))
	test.Logf("kube-apiserver ready after %s", time.Since(lab.began).Round(time.Millisecond))

	admin, err := kubernetes.AdminConfig(lab.controller.Config, "")
	must(test, err)

	lab.client, err = clientset.NewForConfig(admin)
	must(test, err)

	return lab
}

func (lab *lab) eventually(what string, condition func() bool) {
	lab.test.Helper()

	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if condition() {
			return
		}
	}

	lab.test.Fatalf("not in 20 s: %s", what)
}

func (lab *lab) node(name string) *corev1.Node {
	node, err := lab.client.CoreV1().Nodes().Get(lab.test.Context(), name, metav1.GetOptions{})
	if err != nil {
		return &corev1.Node{}
	}

	return node
}

func (lab *lab) ready(name string) bool { return readyStatus(lab.node(name)) == corev1.ConditionTrue }

func readyStatus(node *corev1.Node) corev1.ConditionStatus {
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status
		}
	}

	return ""
}

func (lab *lab) readyPods(namespace string) []corev1.Pod {
	list, err := lab.client.CoreV1().Pods(namespace).List(lab.test.Context(), metav1.ListOptions{})
	if err != nil {
		return nil
	}

	var ready []corev1.Pod

	for _, pod := range list.Items {
		for _, condition := range pod.Status.Conditions {
			if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
				ready = append(ready, pod)
			}
		}
	}

	return ready
}

func (lab *lab) certificateRequests() []certificatesv1.CertificateSigningRequest {
	list, err := lab.client.CertificatesV1().CertificateSigningRequests().List(lab.test.Context(), metav1.ListOptions{})
	must(lab.test, err)

	return list.Items
}

func must(test *testing.T, err error) {
	test.Helper()

	if err != nil {
		test.Fatal(err)
	}
}

type lockedWriter struct {
	mutex  sync.Mutex
	writer io.Writer
}

func (locked *lockedWriter) Write(data []byte) (int, error) {
	locked.mutex.Lock()
	defer locked.mutex.Unlock()

	return locked.writer.Write(data)
}
