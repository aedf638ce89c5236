package machine

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"

	"talos-cluster/lab/internal/etcd"
	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/resources"
)

// kubernetesState is what runs of etcd and Kubernetes on this boot.
type kubernetesState struct {
	etcd    *etcd.Member
	server  *kubernetes.APIServer
	manager *kubernetes.ControllerManager
	kubelet *kubernetes.Kubelet
	logs    io.Closer

	stopFaults func()

	// changed asks the running kubelet to look at its config and pods again.
	changed chan struct{}

	mu       sync.Mutex
	memberID string

	kubeletStarted time.Time
	node           *corev1.Node
	static         staticPods
	statuses       []corev1.Pod
	health         serverHealth
	shuttingDown   bool
}

func (boot *Boot) initKubernetes() error {
	directory := boot.Machine.Disk.Ephemeral()

	// The API server says much and nobody asks for it through the Talos API: it goes to a file of its own.
	logs, err := os.Create(filepath.Join(boot.Machine.options.Directory, "kubernetes.log"))
	if err != nil {
		return err
	}

	state := &boot.kubernetes
	state.stopFaults = boot.followKubernetesFaults()
	state.changed = make(chan struct{}, 1)
	state.logs = logs
	state.etcd = etcd.New(etcd.Options{
		Binary:        boot.Machine.options.Programs.Etcd,
		Directory:     directory,
		Address:       boot.Machine.Address(),
		Log:           etcdLog{boot},
		PromotionHeld: func() bool { return boot.Machine.Faults.Has(fault.LearnerStuck) },
		Admits:        boot.Machine.admitsPeer,
		Changed:       boot.Machine.memberChanged,
	})
	state.server = kubernetes.NewAPIServer(kubernetes.APIServerOptions{
		Binary: boot.Machine.options.Programs.APIServer, Directory: directory, Log: logs,
	})
	state.manager = kubernetes.NewControllerManager(kubernetes.ControllerManagerOptions{Log: logs})
	state.kubelet = kubernetes.NewKubelet(kubernetes.KubeletOptions{
		Directory:    directory,
		Log:          boot.Journal.Writer("kubelet"),
		PodReady:     boot.podReady,
		RequireCNI:   boot.Machine.options.RequireCNI,
		OnNode:       func(node *corev1.Node) { boot.updateKubernetes(func() { state.node = node }) },
		OnStaticPods: func(pods []corev1.Pod) { boot.updateKubernetes(func() { state.statuses = pods }) },
	})

	return nil
}

// closeKubernetes ends everything at once, as a power cut does; after an orderly reboot nothing is left to end.
func (boot *Boot) closeKubernetes() {
	ctx := context.WithoutCancel(boot.ctx)

	boot.kubernetes.stopFaults()

	for _, end := range []func(context.Context) error{
		boot.kubernetes.kubelet.Stop, boot.kubernetes.manager.Stop, boot.kubernetes.server.Stop, boot.kubernetes.etcd.Kill,
	} {
		if err := end(ctx); err != nil {
			boot.Machine.log("%s", err)
		}
	}

	boot.kubernetes.logs.Close() //nolint:errcheck
}

func (boot *Boot) updateKubernetes(update func()) {
	boot.kubernetes.mu.Lock()
	update()
	boot.kubernetes.mu.Unlock()

	boot.notify()
}

// etcdHealthy is called after every successful health check of the member.
func (boot *Boot) etcdHealthy(ctx context.Context) {
	boot.kubernetes.mu.Lock()
	known := boot.kubernetes.memberID != ""
	boot.kubernetes.mu.Unlock()

	if known {
		return
	}

	id, err := boot.kubernetes.etcd.ID(ctx)
	if err != nil {
		return
	}

	delay := boot.Machine.options.Timing.StaticPods

	boot.updateKubernetes(func() {
		boot.kubernetes.memberID = fmt.Sprintf("%016x", id)
		boot.kubernetes.static.due = time.Now().Add(delay)
	})

	time.AfterFunc(delay+refreshInterval, boot.notify)
}

func (boot *Boot) addKubernetesFacts(facts *resources.Facts) {
	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	facts.EtcdMemberID = boot.kubernetes.memberID
	facts.Node = boot.kubernetes.node
	facts.Pods = boot.kubernetes.static.defined
	facts.PodStatuses = boot.kubernetes.statuses
	facts.ConfigReady = len(boot.kubernetes.static.defined) > 0
}

func (boot *Boot) kubernetesNode() kubernetes.Node {
	config := boot.Config()

	return kubernetes.Node{
		Hostname:     resources.Nodename(resources.Facts{Config: config, Hostname: boot.Hostname()}),
		Address:      boot.Machine.Address(),
		Config:       config,
		TalosVersion: boot.Profile.Tag,
		BootID:       boot.ID,
		MachineID:    boot.Machine.Hardware().UUID,
		Cordoned:     boot.cordoned(),
		NotReady:     boot.Machine.Faults.Has(fault.NodeNotReady),
		Dial:         boot.dial,
		Now:          boot.Machine.wrongNow,
	}
}

// kubernetesConfigChanged lets the kubelet and the control plane take over what changed in the config.
func (boot *Boot) kubernetesConfigChanged() {
	select {
	case boot.kubernetes.changed <- struct{}{}:
	default:
	}
}
