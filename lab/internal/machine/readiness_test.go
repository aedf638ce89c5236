package machine

import (
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"talos-cluster/lab/internal/resources"
	"talos-cluster/lab/internal/services"
	"talos-cluster/lab/internal/testcluster"
)

const endpoint = "https://127.0.223.1:6443"

func running(ids ...string) []services.Status {
	statuses := []services.Status(nil)
	for _, id := range ids {
		statuses = append(statuses, services.Status{ID: id, Running: true, Healthy: true})
	}

	return statuses
}

func TestUnmetConditions(test *testing.T) {
	config := testcluster.New(test, endpoint).Config(test, machineconfig.TypeControlPlane)
	node := &corev1.Node{Status: corev1.NodeStatus{Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}}}}
	pod := corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "kube-apiserver-c"}, Status: corev1.PodStatus{Phase: corev1.PodPending},
	}

	for name, sample := range map[string]struct {
		facts resources.Facts
		want  map[string]string
	}{
		"in maintenance nothing is asked": {resources.Facts{Stage: runtime.MachineStageMaintenance}, nil},
		"before etcd": {
			resources.Facts{Stage: runtime.MachineStageBooting, Config: config, Hostname: "c", Services: running("apid", "machined", "kubelet", "trustd")},
			map[string]string{"services": "etcd not running", "nodeReady": `node "c" status is not available yet`},
		},
		"an unhealthy service": {
			resources.Facts{
				Stage: runtime.MachineStageRunning, Config: config, Hostname: "c", Node: node,
				Services: append(running("apid", "machined", "kubelet", "trustd"), services.Status{ID: "etcd", Running: true}),
			},
			map[string]string{"services": "etcd not healthy"},
		},
		"a pending pod": {
			resources.Facts{
				Stage: runtime.MachineStageRunning, Config: config, Hostname: "c", Node: node, PodStatuses: []corev1.Pod{pod},
				Services: running("apid", "machined", "kubelet", "trustd", "etcd"),
			},
			map[string]string{"staticPods": "kube-system/kube-apiserver-c pending"},
		},
		"a Node that is not ready": {
			resources.Facts{
				Stage: runtime.MachineStageRunning, Config: config, Hostname: "c", Node: &corev1.Node{},
				Services: running("apid", "machined", "kubelet", "trustd", "etcd"),
			},
			map[string]string{"nodeReady": `node "c" is not ready`},
		},
		"everything": {
			resources.Facts{
				Stage: runtime.MachineStageRunning, Config: config, Hostname: "c", Node: node,
				Services: running("apid", "machined", "kubelet", "trustd", "etcd"),
			},
			nil,
		},
	} {
		found := unmet(sample.facts)
		if len(found) != len(sample.want) {
			test.Errorf("%s: %v, want %v", name, found, sample.want)
		}

		for _, condition := range found {
			if sample.want[condition.Name] != condition.Reason {
				test.Errorf("%s: %s is %q, want %q", name, condition.Name, condition.Reason, sample.want[condition.Name])
			}
		}
	}
}

func TestVersionsOfStaticPods(test *testing.T) {
	cluster := testcluster.New(test, endpoint)
	plain := cluster.Config(test, machineconfig.TypeControlPlane)
	named := cluster.Config(test, machineconfig.TypeControlPlane, "cluster:\n  apiServer:\n    certSANs: [a.example]\n")
	labelled := cluster.Config(test, machineconfig.TypeControlPlane, "machine:\n  nodeLabels:\n    a: b\n")
	audited := cluster.Config(test, machineconfig.TypeControlPlane,
		"cluster:\n  apiServer:\n    auditPolicy:\n      apiVersion: audit.k8s.io/v1\n      kind: Policy\n      rules:\n        - level: RequestResponse\n")

	for name, sample := range map[string]struct {
		digest  func(config.Provider) string
		other   config.Provider
		changes bool
	}{
		"secrets, other names":  {secretsDigest, named, true},
		"secrets, other labels": {secretsDigest, labelled, false},
		"files, other policy":   {filesDigest, audited, true},
		"files, other names":    {filesDigest, named, false},
	} {
		versions := counter{}
		first, second := versions.of(sample.digest(plain)), versions.of(sample.digest(sample.other))

		if first != "1" || (second != first) != sample.changes {
			test.Errorf("%s: versions %s and %s", name, first, second)
		}
	}
}

func TestReadinessOfStaticPods(test *testing.T) {
	boot := &Boot{}
	boot.kubernetes.static.given.generation = 2
	boot.kubernetes.health.running = 2

	if boot.judgeServer(true, 1) || boot.podReady("kube-apiserver-c") {
		test.Error("the API server of before was taken for the one that is due")
	}

	if !boot.judgeServer(true, 2) || !boot.podReady("kube-apiserver-c") || !boot.podReady("kube-scheduler-c") {
		test.Error("an answer did not make the pods ready")
	}

	if boot.judgeServer(false, 2) || !boot.podReady("kube-scheduler-c") {
		test.Error("one answer that fails already counts")
	}

	boot.kubernetes.health.last = time.Now().Add(-leaseLoss)

	if !boot.judgeServer(false, 2) || boot.podReady("kube-scheduler-c") || !boot.podReady("kube-apiserver-c") {
		test.Error("without an API server the leases last for ever, or the API server itself is probed")
	}
}
