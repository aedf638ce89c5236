package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/resources"
)

// staticPods are the static pods of a controller on their way from the config to the kubelet.
type staticPods struct {
	due      time.Time    // when there are any, after etcd became healthy
	defined  []corev1.Pod // the StaticPod resources
	given    givenPods    // what the kubelet was told to run
	secrets  counter
	files    counter
	handover *time.Timer
}

// givenPods are static pods and the config they were made from.
type givenPods struct {
	node       kubernetes.Node
	pods       []corev1.Pod
	generation int
}

// counter numbers the versions of something that is known by a digest.
type counter struct {
	digest  string
	version int
}

func (counter *counter) of(digest string) string {
	if counter.digest != digest {
		counter.digest = digest
		counter.version++
	}

	return strconv.Itoa(counter.version)
}

// syncStaticPods renders the static pods from the config resources, whose versions they carry, stores them, and sees to
// it that the kubelet gets them. It is called under refreshMu.
func (boot *Boot) syncStaticPods(facts *resources.Facts) {
	if !facts.ControlPlane() || !boot.staticPodsDue() {
		return
	}

	pods, err := boot.renderStaticPods(facts.Config)
	if err != nil {
		boot.Journal.Talos("static pods: %s", err)

		return
	}

	facts.Pods = pods

	items, err := resources.StaticPods(*facts)
	if err == nil {
		err = boot.Resources.Sync(boot.ctx, "pods", items)
	}

	if err != nil {
		boot.Journal.Talos("static pods: %s", err)
	}

	boot.handStaticPods(pods)
}

// staticPodsDue tells whether it is time for static pods. As in Talos there are none before etcd was healthy, and a real
// machine takes a while to render them then: it is running and ready for that while, although no API server runs on it.
func (boot *Boot) staticPodsDue() bool {
	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	due := boot.kubernetes.static.due

	return !due.IsZero() && !time.Now().Before(due)
}

func (boot *Boot) renderStaticPods(provider config.Provider) ([]corev1.Pod, error) {
	version := func(pointer resource.Pointer) string { return boot.Resources.Version(boot.ctx, pointer) }

	pods, err := kubernetes.StaticPods(boot.kubernetesNode(), kubernetes.ConfigVersions{
		APIServer:         version(k8s.NewAPIServerConfig().Metadata()),
		ControllerManager: version(k8s.NewControllerManagerConfig().Metadata()),
		Scheduler:         version(k8s.NewSchedulerConfig().Metadata()),
	})
	if err != nil {
		return nil, err
	}

	secrets := boot.kubernetes.static.secrets.of(secretsDigest(provider))
	files := boot.kubernetes.static.files.of(filesDigest(provider))

	for index := range pods {
		pods[index].Annotations[constants.AnnotationStaticPodSecretsVersion] = secrets

		if pods[index].Name == k8s.APIServerID {
			pods[index].Annotations[constants.AnnotationStaticPodConfigFileVersion] = "111" + files
		}
	}

	return pods, nil
}

// secretsDigest changes with everything Talos makes the control plane's certificates and keys from.
func secretsDigest(provider config.Provider) string {
	cluster := provider.Cluster()
	hash := sha256.New()

	fmt.Fprintln(hash, cluster.Endpoint(), cluster.CertSANs(), cluster.Network().DNSDomain(), cluster.AESCBCEncryptionSecret(),
		cluster.SecretboxEncryptionSecret())

	if issuing := cluster.IssuingCA(); issuing != nil {
		hash.Write(issuing.Crt)
	}

	for _, accepted := range cluster.AcceptedCAs() {
		hash.Write(accepted.Crt)
	}

	if aggregator := cluster.AggregatorCA(); aggregator != nil {
		hash.Write(aggregator.Crt)
	}

	if account := cluster.ServiceAccount(); account != nil {
		hash.Write(account.Key)
	}

	return hex.EncodeToString(hash.Sum(nil))
}

// filesDigest changes with everything that goes into the API server's configuration files.
func filesDigest(provider config.Provider) string {
	server := provider.Cluster().APIServer()
	hash := sha256.New()

	for _, plugin := range server.AdmissionControl() {
		fmt.Fprintln(hash, plugin.Name(), plugin.Configuration())
	}

	for _, authorizer := range server.AuthorizationConfig() {
		fmt.Fprintln(hash, authorizer.Type(), authorizer.Name(), authorizer.Webhook())
	}

	fmt.Fprintln(hash, server.AuditPolicy())

	return hex.EncodeToString(hash.Sum(nil))
}

// handStaticPods gives new static pods to the kubelet: the first at once, changed ones a while later. A real machine shows
// the old status of pods that are due to be restarted for as long.
func (boot *Boot) handStaticPods(pods []corev1.Pod) {
	state := &boot.kubernetes

	state.mu.Lock()
	defer state.mu.Unlock()

	if equality.Semantic.DeepEqual(state.static.defined, pods) {
		return
	}

	delay := boot.Machine.options.Timing.StaticPodChange
	if state.static.defined == nil {
		delay = 0
	}

	state.static.defined = pods

	if state.static.handover != nil {
		state.static.handover.Stop()
	}

	state.static.handover = time.AfterFunc(delay, func() {
		node := boot.kubernetesNode()

		state.mu.Lock()
		state.static.given = givenPods{node: node, pods: pods, generation: state.static.given.generation + 1}
		state.health = serverHealth{}
		state.mu.Unlock()

		boot.kubernetesConfigChanged()
	})
}

// takeStaticPods returns what the kubelet is to run. Config that no static pod shows is taken over with it.
func (boot *Boot) takeStaticPods() givenPods {
	node := boot.kubernetesNode()

	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	given := &boot.kubernetes.static.given
	if equality.Semantic.DeepEqual(given.pods, boot.kubernetes.static.defined) {
		given.node = node
	}

	return *given
}

// staticPodsStarted allows the readiness probe to judge: what it asks is the API server of these pods.
func (boot *Boot) staticPodsStarted(given givenPods) {
	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	boot.kubernetes.health.running = given.generation
}
