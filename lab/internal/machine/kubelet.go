package machine

import (
	"context"
	"errors"
	"time"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
	"k8s.io/apimachinery/pkg/api/equality"

	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/resources"
	"talos-cluster/lab/internal/services"
)

// kubeletService runs the kubelet. It is healthy as soon as it runs: a real one is before there is any API server.
func (boot *Boot) kubeletService() services.Definition {
	return services.Definition{
		ID:        "kubelet",
		DependsOn: []string{"cri"},
		Condition: func() conditions.Condition { return conditions.WaitForAll(met("time sync"), met("network")) },
		Stopping:  "Sending SIGTERM to task kubelet",
		Run:       boot.runKubelet,
		Health:    healthy, HealthDelay: boot.Machine.options.Timing.ServiceStart, HealthPeriod: healthPeriod,
	}
}

func (boot *Boot) runKubelet(ctx context.Context, running func(string)) error {
	running(boot.startedTask("kubelet"))

	probing, stopProbing := context.WithCancel(ctx)
	defer stopProbing()

	go boot.probe(probing)

	for ctx.Err() == nil {
		if err := boot.startKubernetes(ctx); err != nil {
			boot.Journal.Service("kubelet").Printf("%s", err)
		}

		select {
		case <-ctx.Done():
		case <-boot.kubernetes.changed:
		}
	}

	boot.kubernetes.mu.Lock()
	orderly := boot.kubernetes.shuttingDown && boot.ctx.Err() == nil
	boot.kubernetes.mu.Unlock()

	if orderly {
		return boot.kubernetes.kubelet.Shutdown(context.WithoutCancel(ctx))
	}

	return boot.kubernetes.kubelet.Stop(context.WithoutCancel(ctx))
}

// startKubernetes starts the kubelet and, once a controller has its static pods, what they stand for. Called again it
// takes over what changed.
func (boot *Boot) startKubernetes(ctx context.Context) error {
	boot.kubernetes.mu.Lock()
	pods := boot.kubernetes.pods
	boot.kubernetes.mu.Unlock()

	node := boot.kubernetesNode()
	failure := error(nil)

	if len(pods) > 0 {
		failure = errors.Join(boot.kubernetes.server.Start(ctx, node), boot.kubernetes.manager.Start(ctx, node))
	}

	return errors.Join(failure, boot.kubernetes.kubelet.Start(ctx, node, pods))
}

// stopAllPods ends the kubelet in good order and then the pods.
func (boot *Boot) stopAllPods(ctx context.Context) error {
	boot.kubernetes.mu.Lock()
	boot.kubernetes.shuttingDown = true
	boot.kubernetes.mu.Unlock()

	boot.Services.Stop("kubelet")

	return errors.Join(boot.kubernetes.manager.Stop(ctx), boot.kubernetes.server.Stop(ctx))
}

// staticPodsDue tells whether it is time for static pods. As in Talos there are none before etcd was healthy, and a real
// machine takes a while to render them then: it is running and ready for that while, although no API server runs on it.
func (boot *Boot) staticPodsDue() bool {
	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	return !boot.kubernetes.podsDue.IsZero() && time.Now().After(boot.kubernetes.podsDue)
}

// syncStaticPods renders the static pods from the config resources, whose versions they carry, and hands them to the
// kubelet.
func (boot *Boot) syncStaticPods(facts *resources.Facts) {
	if !facts.ControlPlane() || !boot.staticPodsDue() {
		return
	}

	version := func(pointer resource.Pointer) string { return boot.Resources.Version(boot.ctx, pointer) }

	pods, err := kubernetes.StaticPods(boot.kubernetesNode(), kubernetes.ConfigVersions{
		APIServer:         version(k8s.NewAPIServerConfig().Metadata()),
		ControllerManager: version(k8s.NewControllerManagerConfig().Metadata()),
		Scheduler:         version(k8s.NewSchedulerConfig().Metadata()),
	})
	if err != nil {
		boot.Journal.Talos("static pods: %s", err)

		return
	}

	changed := !equality.Semantic.DeepEqual(facts.Pods, pods)
	facts.Pods = pods

	items, err := resources.StaticPods(*facts)
	if err == nil {
		err = boot.Resources.Sync(boot.ctx, "pods", items)
	}

	if err != nil {
		boot.Journal.Talos("static pods: %s", err)
	}

	if changed {
		boot.updateKubernetes(func() { boot.kubernetes.pods = pods })
		boot.kubernetesConfigChanged()
	}
}
