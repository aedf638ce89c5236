package kubernetes

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
)

const shutdownTimeout = 2 * time.Second

var errNoCredentials = errors.New("kubelet: no client certificate yet: the cluster's API has not answered since the machine was configured")

// KubeletOptions are what stays the same over a machine's life.
type KubeletOptions struct {
	// Directory is the machine's; the client certificate goes to its kubelet/ subdirectory.
	Directory string
	// Log gets a line for what is done; nil drops it. Several goroutines write to it.
	Log io.Writer
	// PodReady tells whether a static pod's container is ready, by the pod's name as in
	// StaticPods; nil is always.
	PodReady func(name string) bool
	// RequireCNI keeps the Node NotReady while the machine configuration has no CNI, as on a real
	// machine where nobody has installed one yet. The default is that somebody has.
	RequireCNI bool
	// OnNode gets the machine's own Node whenever it changed; nil when it is not (or no longer) registered.
	OnNode func(*corev1.Node)
	// OnStaticPods gets the static pods with their status whenever it changed, API or no API.
	OnStaticPods func([]corev1.Pod)
}

// Kubelet stands in for a machine's kubelet: it gets its certificate with the bootstrap token,
// registers the Node, keeps its heartbeat, and says that pods run which nobody runs.
type Kubelet struct {
	options KubeletOptions

	// turn lets one of Start, Stop and Shutdown work at a time.
	turn  sync.Mutex
	loops group

	mutex      sync.Mutex
	running    bool
	node       Node
	identity   [sha256.Size]byte
	pods       []staticPod
	client     *kubernetes.Clientset
	registered *corev1.Node

	wakeNode chan struct{}
	wakePods chan struct{}
}

// NewKubelet makes the kubelet of one machine; nothing runs yet.
func NewKubelet(options KubeletOptions) *Kubelet {
	return &Kubelet{options: options, wakeNode: make(chan struct{}, 1), wakePods: make(chan struct{}, 1)}
}

// Start runs the kubelet until Stop and returns at once. Called again it takes over what changed:
// labels, image, static pods. Only another name, endpoint or authority makes it begin anew.
func (kubelet *Kubelet) Start(_ context.Context, node Node, pods []corev1.Pod) error {
	identity, err := fingerprintOf(node.Hostname, node.endpoint().String(), trusted(node.Config), node.BootID)
	if err != nil {
		return err
	}

	kubelet.turn.Lock()
	defer kubelet.turn.Unlock()

	if kubelet.loops.active() && kubelet.identity != identity {
		kubelet.halt()
	}

	kubelet.mutex.Lock()
	kubelet.running, kubelet.node, kubelet.identity = true, node, identity
	kubelet.pods, err = withStartTimes(kubelet.pods, pods, node)
	kubelet.mutex.Unlock()

	if err != nil {
		return err
	}

	if kubelet.loops.active() {
		wake(kubelet.wakeNode)
		wake(kubelet.wakePods)

		return nil
	}

	kubelet.loops.start(kubelet.watchStaticPods, kubelet.run)

	return nil
}

// Stop ends the kubelet as a crash or a power cut does: its heartbeat ends.
func (kubelet *Kubelet) Stop(context.Context) error {
	kubelet.turn.Lock()
	defer kubelet.turn.Unlock()

	kubelet.halt()

	return nil
}

// Shutdown ends the kubelet in good order: the Node says that it is shutting down first.
// When the API does not answer within 2 s it ends without.
func (kubelet *Kubelet) Shutdown(ctx context.Context) error {
	kubelet.turn.Lock()
	defer kubelet.turn.Unlock()

	kubelet.mutex.Lock()
	client, name := kubelet.client, kubelet.node.Hostname
	kubelet.mutex.Unlock()

	kubelet.loops.stop()

	if client != nil {
		ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
		defer cancel()

		if err := announceShutdown(ctx, client, name); err != nil {
			kubelet.log("the shutdown could not be announced: %v", err)
		}
	}

	kubelet.halt()

	return nil
}

func (kubelet *Kubelet) halt() {
	kubelet.loops.stop()

	kubelet.mutex.Lock()
	kubelet.running, kubelet.pods, kubelet.client, kubelet.registered = false, nil, nil, nil
	kubelet.mutex.Unlock()
}

// Healthy is nil once the kubelet has its client certificate: a real one serves no health before.
func (kubelet *Kubelet) Healthy(context.Context) error {
	kubelet.mutex.Lock()
	defer kubelet.mutex.Unlock()

	switch {
	case !kubelet.running:
		return fmt.Errorf("kubelet: %w", ErrNotRunning)
	case kubelet.client != nil, kubelet.node.Config.Machine().Kubelet().SkipNodeRegistration():
		return nil
	default:
		return errNoCredentials
	}
}

// run registers the Node and then keeps it, until ctx ends.
func (kubelet *Kubelet) run(ctx context.Context) {
	node := kubelet.current()
	if node.Config.Machine().Kubelet().SkipNodeRegistration() {
		return
	}

	client, err := kubelet.authenticate(ctx, node)
	if err != nil {
		return // only the end of ctx ends it
	}

	kubelet.mutex.Lock()
	kubelet.client = client
	kubelet.mutex.Unlock()

	byName := metav1.ListOptions{FieldSelector: "metadata.name=" + node.Hostname}
	byNode := metav1.ListOptions{FieldSelector: "spec.nodeName=" + node.Hostname}
	keeper := &nodeKeeper{kubelet: kubelet, client: client}

	var running sync.WaitGroup

	running.Go(func() { renewLease(ctx, client, node.Hostname, kubelet.owner) })
	running.Go(func() {
		follow(ctx, func(ctx context.Context) (watch.Interface, error) {
			return client.CoreV1().Nodes().Watch(ctx, byName)
		}, kubelet.wakeNode, keeper.reconcile)
	})
	running.Go(func() {
		follow(ctx, func(ctx context.Context) (watch.Interface, error) {
			return client.CoreV1().Pods("").Watch(ctx, byNode)
		}, kubelet.wakePods, func(ctx context.Context) error { return kubelet.reconcilePods(ctx, client) })
	})
	running.Wait()
}

func (kubelet *Kubelet) current() Node {
	kubelet.mutex.Lock()
	defer kubelet.mutex.Unlock()

	return kubelet.node
}

func (kubelet *Kubelet) staticPods() []staticPod {
	kubelet.mutex.Lock()
	defer kubelet.mutex.Unlock()

	return slices.Clone(kubelet.pods)
}

// owner is the Node as the owner of leases and mirror pods; false before it is registered.
func (kubelet *Kubelet) owner() (metav1.OwnerReference, bool) {
	kubelet.mutex.Lock()
	defer kubelet.mutex.Unlock()

	if kubelet.registered == nil {
		return metav1.OwnerReference{}, false
	}

	return metav1.OwnerReference{
		APIVersion: "v1", Kind: "Node", Name: kubelet.registered.Name, UID: kubelet.registered.UID,
	}, true
}

func (kubelet *Kubelet) pkiDirectory() string {
	return filepath.Join(kubelet.options.Directory, "kubelet", "pki")
}

func (kubelet *Kubelet) log(format string, arguments ...any) {
	logTo(kubelet.options.Log, "kubelet: "+format, arguments...)
}

func wake(channel chan struct{}) {
	select {
	case channel <- struct{}{}:
	default: // it is awake already
	}
}
