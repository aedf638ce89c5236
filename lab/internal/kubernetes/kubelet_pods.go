package kubernetes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
)

const (
	staticPodInterval = 300 * time.Millisecond

	hashAnnotation   = "kubernetes.io/config.hash"
	sourceAnnotation = "kubernetes.io/config.source"
	seenAnnotation   = "kubernetes.io/config.seen"
)

// staticPod is a pod that the machine itself wants; name is its own, the mirror's has the node's too.
type staticPod struct {
	name    string
	hash    string
	started metav1.Time
	pod     corev1.Pod
	ready   bool
}

// withStartTimes turns definitions into pods of this node. A pod whose definition stays goes on running.
func withStartTimes(before []staticPod, definitions []corev1.Pod, node Node) ([]staticPod, error) {
	running := map[string]staticPod{}
	for _, pod := range before {
		running[pod.hash] = pod
	}

	var pods []staticPod

	for _, definition := range definitions {
		encoded, err := json.Marshal(definition)
		if err != nil {
			return nil, err
		}

		sum := sha256.Sum256(encoded)
		hash := hex.EncodeToString(sum[:16])

		if pod, goesOn := running[hash]; goesOn {
			pods = append(pods, pod)

			continue
		}

		pods = append(pods, newStaticPod(definition, hash, node))
	}

	return pods, nil
}

func newStaticPod(definition corev1.Pod, hash string, node Node) staticPod {
	started := metav1.Now().Rfc3339Copy()
	pod := *definition.DeepCopy()
	pod.Name += "-" + node.Hostname
	pod.Spec.NodeName = node.Hostname
	pod.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute}}

	if pod.Annotations == nil {
		pod.Annotations = map[string]string{}
	}

	pod.Annotations[hashAnnotation] = hash
	pod.Annotations[sourceAnnotation] = "http"
	pod.Annotations[seenAnnotation] = started.Format(time.RFC3339)

	return staticPod{name: definition.Name, hash: hash, started: started, pod: pod}
}

// watchStaticPods looks after the static pods' readiness, which needs no API.
func (kubelet *Kubelet) watchStaticPods(ctx context.Context) {
	var told []corev1.PodStatus

	for ctx.Err() == nil {
		pods, statuses := kubelet.probe()

		if !equality.Semantic.DeepEqual(told, statuses) {
			told = statuses

			if kubelet.options.OnStaticPods != nil {
				kubelet.options.OnStaticPods(pods)
			}

			wake(kubelet.wakePods)
		}

		_ = pause.For(ctx, staticPodInterval) // the loop's condition sees the end of ctx
	}
}

func (kubelet *Kubelet) probe() ([]corev1.Pod, []corev1.PodStatus) {
	node := kubelet.current()
	readiness := map[string]bool{}

	// PodReady may take its time: it is asked without the lock.
	for _, pod := range kubelet.staticPods() {
		readiness[pod.name] = kubelet.options.PodReady == nil || kubelet.options.PodReady(pod.name)
	}

	kubelet.mutex.Lock()
	defer kubelet.mutex.Unlock()

	var (
		pods     []corev1.Pod
		statuses []corev1.PodStatus
	)

	for index := range kubelet.pods {
		pod := &kubelet.pods[index]
		pod.ready = readiness[pod.name]

		full := *pod.pod.DeepCopy()
		full.Status = runningStatus(&full, node.Address, pod.started, pod.ready)
		pods, statuses = append(pods, full), append(statuses, full.Status)
	}

	return pods, statuses
}

// reconcilePods keeps the mirror pods, ends the deleted ones, and says of all others that they run.
func (kubelet *Kubelet) reconcilePods(ctx context.Context, client kubernetes.Interface) error {
	node := kubelet.current()

	list, err := client.CoreV1().Pods("").List(ctx, metav1.ListOptions{FieldSelector: "spec.nodeName=" + node.Hostname})
	if err != nil {
		return err
	}

	mirrors := map[string]*corev1.Pod{}

	for index := range list.Items {
		pod := &list.Items[index]

		switch _, mirror := pod.Annotations[corev1.MirrorPodAnnotationKey]; {
		case mirror:
			mirrors[pod.Namespace+"/"+pod.Name] = pod
		case pod.DeletionTimestamp != nil:
			err = end(ctx, client, pod)
		default:
			err = keepRunning(ctx, client, pod, node.Address, startTime(pod), true)
		}

		if err != nil {
			return err
		}
	}

	for _, pod := range kubelet.staticPods() {
		if err := kubelet.mirror(ctx, client, pod, mirrors[pod.pod.Namespace+"/"+pod.pod.Name]); err != nil {
			return err
		}

		delete(mirrors, pod.pod.Namespace+"/"+pod.pod.Name)
	}

	for _, left := range mirrors {
		if err := end(ctx, client, left); err != nil {
			return err
		}
	}

	return nil
}

func (kubelet *Kubelet) mirror(ctx context.Context, client kubernetes.Interface, pod staticPod, found *corev1.Pod) error {
	if found != nil && (found.Annotations[corev1.MirrorPodAnnotationKey] != pod.hash || found.DeletionTimestamp != nil) {
		if err := end(ctx, client, found); err != nil {
			return err
		}

		found = nil
	}

	if found == nil {
		owner, registered := kubelet.owner()
		if !registered {
			return nil // the keeper of the Node wakes us
		}

		controller := true
		owner.Controller = &controller

		wanted := pod.pod.DeepCopy()
		wanted.Annotations[corev1.MirrorPodAnnotationKey] = pod.hash
		wanted.OwnerReferences = []metav1.OwnerReference{owner}

		created, err := client.CoreV1().Pods(wanted.Namespace).Create(ctx, wanted, metav1.CreateOptions{})
		if err != nil {
			return err
		}

		found = created
	}

	return keepRunning(ctx, client, found, kubelet.current().Address, pod.started, pod.ready)
}

func startTime(pod *corev1.Pod) metav1.Time {
	if pod.Status.StartTime != nil {
		return *pod.Status.StartTime
	}

	return metav1.Now().Rfc3339Copy()
}

// end removes a pod for good: nothing runs that would need its grace period.
func end(ctx context.Context, client kubernetes.Interface, pod *corev1.Pod) error {
	now := int64(0)

	err := client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{
		GracePeriodSeconds: &now,
		Preconditions:      &metav1.Preconditions{UID: &pod.UID},
	})
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil // gone, or another pod of that name already
	}

	return err
}
