package kubernetes

import (
	"context"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
)

const (
	// heartbeatInterval is kubelet's 10 s, shortened: a lab waits for nothing longer than it must.
	heartbeatInterval    = 3 * time.Second
	leaseDurationSeconds = 40
)

// renewLease is the kubelet's heartbeat; it goes on until ctx ends.
func renewLease(ctx context.Context, client kubernetes.Interface, name string, owner func() (metav1.OwnerReference, bool)) {
	for ctx.Err() == nil {
		interval := heartbeatInterval

		if reference, registered := owner(); !registered || renewOnce(ctx, client, name, reference) != nil {
			interval = retryInterval
		}

		_ = pause.For(ctx, interval) // the loop's condition sees the end of ctx
	}
}

func renewOnce(ctx context.Context, client kubernetes.Interface, name string, owner metav1.OwnerReference) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	leases := client.CoordinationV1().Leases(corev1.NamespaceNodeLease)
	duration, now := int32(leaseDurationSeconds), metav1.NowMicro()
	spec := coordinationv1.LeaseSpec{HolderIdentity: &name, LeaseDurationSeconds: &duration, RenewTime: &now}

	lease, err := leases.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		_, err = leases.Create(ctx, &coordinationv1.Lease{
			ObjectMeta: metav1.ObjectMeta{Name: name, OwnerReferences: []metav1.OwnerReference{owner}},
			Spec:       spec,
		}, metav1.CreateOptions{})

		return err
	}

	if err != nil {
		return err
	}

	lease.Spec = spec
	_, err = leases.Update(ctx, lease, metav1.UpdateOptions{})

	return err
}
