package kubernetes

import (
	"context"
	"maps"
	"slices"

	"github.com/siderolabs/talos/pkg/machinery/constants"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// nodeKeeper registers a Node and keeps it as the machine is, for one run of the kubelet.
type nodeKeeper struct {
	kubelet *Kubelet
	client  kubernetes.Interface
	told    string
	refused string
}

func (keeper *nodeKeeper) reconcile(ctx context.Context) error {
	node := keeper.kubelet.current()

	found, err := keeper.client.CoreV1().Nodes().Get(ctx, node.Hostname, metav1.GetOptions{})

	switch {
	case apierrors.IsNotFound(err) && keeper.told == "":
		found, err = keeper.register(ctx, node)
	case apierrors.IsNotFound(err):
		// A kubelet registers when it starts, and not again when its Node is deleted.
		keeper.tell(nil)

		return nil
	}

	if err != nil {
		return err
	}

	if found, err = keeper.keepStatus(ctx, node, found); err != nil {
		return err
	}

	keeper.tell(found)

	return keeper.keepSettings(ctx, node, found)
}

func (keeper *nodeKeeper) register(ctx context.Context, node Node) (*corev1.Node, error) {
	wanted := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name:        node.Hostname,
			Labels:      kubeletLabels(node),
			Annotations: map[string]string{"volumes.kubernetes.io/controller-managed-attach-detach": "true"},
		},
		Status: wantedStatus(node, nil, keeper.kubelet.options.RequireCNI),
	}

	if node.controlPlane() && !node.Config.Cluster().ScheduleOnControlPlanes() {
		wanted.Spec.Taints = []corev1.Taint{{Key: constants.LabelNodeRoleControlPlane, Effect: corev1.TaintEffectNoSchedule}}
	}

	created, err := keeper.client.CoreV1().Nodes().Create(ctx, wanted, metav1.CreateOptions{})
	if err == nil {
		keeper.kubelet.log("node %s registered", node.Hostname)
	}

	return created, err
}

// keepStatus writes the status when it is not as it should be: after a start, a new kubelet
// version, or when the control plane had given this node up.
func (keeper *nodeKeeper) keepStatus(ctx context.Context, node Node, found *corev1.Node) (*corev1.Node, error) {
	wanted := wantedStatus(node, found.Status.Conditions, keeper.kubelet.options.RequireCNI)
	labels := maps.Clone(found.Labels)
	maps.Copy(labels, kubeletLabels(node))

	if !maps.Equal(labels, found.Labels) {
		found.Labels = labels

		updated, err := keeper.client.CoreV1().Nodes().Update(ctx, found, metav1.UpdateOptions{})
		if err != nil {
			return nil, err
		}

		found = updated
	}

	wanted.Images, wanted.VolumesAttached, wanted.VolumesInUse = found.Status.Images, found.Status.VolumesAttached, found.Status.VolumesInUse
	wanted.DeclaredFeatures, wanted.Features, wanted.RuntimeHandlers = found.Status.DeclaredFeatures, found.Status.Features, found.Status.RuntimeHandlers
	wanted.Config, wanted.Phase = found.Status.Config, found.Status.Phase

	if equality.Semantic.DeepEqual(wanted, found.Status) {
		return found, nil
	}

	found.Status = wanted

	return keeper.client.CoreV1().Nodes().UpdateStatus(ctx, found, metav1.UpdateOptions{})
}

// tell passes the Node on, once for each of its versions.
func (keeper *nodeKeeper) tell(node *corev1.Node) {
	version := "gone"
	if node != nil {
		version = node.ResourceVersion
	}

	if keeper.told == version {
		return
	}

	first := keeper.told == ""
	keeper.told = version

	keeper.kubelet.mutex.Lock()
	keeper.kubelet.registered = node
	keeper.kubelet.mutex.Unlock()

	if first {
		wake(keeper.kubelet.wakePods) // mirror pods wait for their owner
	}

	if keeper.kubelet.options.OnNode != nil {
		keeper.kubelet.options.OnNode(node.DeepCopy())
	}
}

// keepSettings applies the machine configuration's labels, annotations and taints. Talos does so with
// the kubelet's own rights on a worker, so that the cluster refuses some of them there.
func (keeper *nodeKeeper) keepSettings(ctx context.Context, node Node, found *corev1.Node) error {
	changed := found.DeepCopy()
	settled := !applySettings(changed, settingsOf(node.Config))

	if !applyCordon(changed, node.Cordoned) && settled {
		return nil
	}

	client := keeper.client

	if node.controlPlane() {
		admin, err := newClient(AdminConfig(node.Config, ""))
		if err != nil {
			return err
		}

		client = admin
	}

	_, err := client.CoreV1().Nodes().Update(ctx, changed, metav1.UpdateOptions{})
	if apierrors.IsForbidden(err) || apierrors.IsInvalid(err) {
		if text := err.Error(); keeper.refused != text {
			keeper.refused = text
			keeper.kubelet.log("labels, annotations or taints of the machine configuration are refused: %s", text)
		}

		return nil // the next look tries again, and the rest of the kubelet goes on
	}

	return err
}

// announceShutdown makes the Node NotReady, as kubelet's graceful shutdown does.
func announceShutdown(ctx context.Context, client kubernetes.Interface, name string) error {
	node, err := client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}

	node.Status.Conditions = slices.Clone(node.Status.Conditions)

	for index := range node.Status.Conditions {
		if condition := &node.Status.Conditions[index]; condition.Type == corev1.NodeReady {
			setCondition(condition, corev1.ConditionFalse, "KubeletNotReady", "node is shutting down")
		}
	}

	_, err = client.CoreV1().Nodes().UpdateStatus(ctx, node, metav1.UpdateOptions{})

	return err
}
