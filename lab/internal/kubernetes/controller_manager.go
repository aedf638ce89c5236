package kubernetes

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
)

// defaultNodeMonitorGrace is Kubernetes's 50 s, shortened as the kubelet's heartbeat is.
const defaultNodeMonitorGrace = 10 * time.Second

// ControllerManagerOptions are what stays the same over a machine's life.
type ControllerManagerOptions struct {
	// Log gets a line for what is done; nil drops it. Several goroutines write to it.
	Log io.Writer
	// NodeMonitorGrace is how long a kubelet may be silent before its Node is no longer Ready.
	// Zero is 10 s.
	NodeMonitorGrace time.Duration
}

// ControllerManager stands in for kube-controller-manager on one controller, and for what Talos
// itself puts into a new cluster. It approves and signs the kubelets' certificate requests, gives
// namespaces their default service account, watches over Nodes, deletes the pods of those that are gone and keeps the status of disruption
// budgets. It elects no leader: every write is conditional, so that several of them do together what one would.
type ControllerManager struct {
	options ControllerManagerOptions

	mutex    sync.Mutex
	loops    group
	client   *kubernetes.Clientset
	identity [sha256.Size]byte
}

// NewControllerManager makes the stand-in of one controller; nothing runs yet.
func NewControllerManager(options ControllerManagerOptions) *ControllerManager {
	if options.NodeMonitorGrace == 0 {
		options.NodeMonitorGrace = defaultNodeMonitorGrace
	}

	return &ControllerManager{options: options}
}

// Start works on the machine's own kube-apiserver until Stop, and returns at once.
// Called again, it takes over a new authority or token.
func (manager *ControllerManager) Start(_ context.Context, node Node) error {
	ca, err := authority(node.Config)
	if err != nil {
		return err
	}

	token := node.Config.Cluster().Token()

	identity, err := fingerprintOf(ca, token.ID(), token.Secret(), node.apiServerURL())
	if err != nil {
		return err
	}

	manager.mutex.Lock()
	defer manager.mutex.Unlock()

	if manager.loops.active() && manager.identity == identity {
		return nil
	}

	client, err := newClient(AdminConfig(node.Config, node.apiServerURL()))
	if err != nil {
		return err
	}

	manager.loops.stop()
	manager.client, manager.identity = client, identity

	lifecycle := &nodeLifecycle{client: client, grace: manager.options.NodeMonitorGrace, log: manager.log, seen: map[string]heartbeat{}}
	budgets := newDisruption(client)
	signer := &certificateSigner{client: client, config: node.Config, log: manager.log}

	manager.loops.start(
		func(ctx context.Context) { applyBootstrapManifests(ctx, client, node.Config, manager.log) },
		func(ctx context.Context) {
			follow(ctx, func(ctx context.Context) (watch.Interface, error) {
				return client.CertificatesV1().CertificateSigningRequests().Watch(ctx, metav1.ListOptions{})
			}, nil, signer.reconcile)
		},
		func(ctx context.Context) {
			follow(ctx, func(ctx context.Context) (watch.Interface, error) {
				return client.CoreV1().Namespaces().Watch(ctx, metav1.ListOptions{})
			}, nil, func(ctx context.Context) error { return giveServiceAccounts(ctx, client) })
		},
		lifecycle.run,
		newPodCollector(client).run,
		budgets.followBudgets,
		budgets.followPods,
	)

	return nil
}

// Stop ends it, as on a reboot or a power cut; nil when it does not run.
func (manager *ControllerManager) Stop(context.Context) error {
	manager.mutex.Lock()
	defer manager.mutex.Unlock()

	manager.loops.stop()
	manager.client = nil

	return nil
}

// Healthy is nil while it runs and its kube-apiserver answers.
func (manager *ControllerManager) Healthy(ctx context.Context) error {
	manager.mutex.Lock()
	client := manager.client
	manager.mutex.Unlock()

	if client == nil {
		return fmt.Errorf("kube-controller-manager: %w", ErrNotRunning)
	}

	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

func (manager *ControllerManager) log(format string, arguments ...any) {
	logTo(manager.options.Log, "kube-controller-manager: "+format, arguments...)
}

// untilDone repeats work until it succeeds, or until ctx ends.
func untilDone(ctx context.Context, work func(context.Context) error) error {
	for {
		err := work(ctx)
		if err == nil {
			return nil
		}

		if pause.For(ctx, retryInterval) != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
}
