package machine

import (
	"context"
	"errors"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"

	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/services"
)

// kubeletService runs the kubelet. It is healthy soon after it runs: a real one is before there is any API server.
func (boot *Boot) kubeletService() services.Definition {
	return services.Definition{
		ID:        "kubelet",
		DependsOn: []string{"cri"},
		Condition: func() conditions.Condition { return conditions.WaitForAll(timeSync{boot}, met("network")) },
		Stopping:  "Sending SIGTERM to task kubelet",
		Run:       boot.runKubelet,
		Health:    boot.checkKubelet, HealthDelay: boot.Machine.options.Timing.ServiceStart, HealthPeriod: healthPeriod,
	}
}

const (
	// kubeletSettles is how long a kubelet has to write its Node before its service is healthy. A real one is first asked
	// for its health two seconds after its start; talosctl looks at the Node then, and next after ten seconds more.
	kubeletSettles = time.Second
	kubeletPoll    = 50 * time.Millisecond
)

func (boot *Boot) checkKubelet(ctx context.Context) error {
	version := kubernetes.KubeletVersion(boot.Config())

	for {
		boot.kubernetes.mu.Lock()
		node, started := boot.kubernetes.node, boot.kubernetes.kubeletStarted
		boot.kubernetes.mu.Unlock()

		written := node != nil && node.Status.NodeInfo.KubeletVersion == version
		if written || time.Since(started) > kubeletSettles {
			return nil
		}

		if err := pause.For(ctx, kubeletPoll); err != nil {
			return err
		}
	}
}

func (boot *Boot) runKubelet(ctx context.Context, running func(string)) error {
	boot.kubernetes.mu.Lock()
	boot.kubernetes.kubeletStarted = time.Now()
	boot.kubernetes.mu.Unlock()

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
	given := boot.takeStaticPods()
	failure := error(nil)

	if len(given.pods) > 0 {
		failure = errors.Join(boot.startAPIServer(ctx, given.node), boot.kubernetes.manager.Start(ctx, given.node))
		boot.staticPodsStarted(given)
	}

	return errors.Join(failure, boot.kubernetes.kubelet.Start(ctx, boot.kubernetesNode(), given.pods))
}

// restartChangedKubelet restarts the kubelet service when what it was started with has changed, as Talos does. It is
// called under refreshMu.
func (boot *Boot) restartChangedKubelet() {
	version := boot.Resources.Version(boot.ctx, k8s.NewKubeletSpec(k8s.NamespaceName, k8s.KubeletID).Metadata())
	before := boot.kubeletVersion
	boot.kubeletVersion = version

	if before == "" || before == version || !boot.Services.IsUp("kubelet") {
		return
	}

	go func() {
		boot.Services.Stop("kubelet")
		// Whoever watches the service sees it end, however soon it runs again: upgrade-k8s waits for that.
		boot.refresh()

		boot.kubernetes.mu.Lock()
		shuttingDown := boot.kubernetes.shuttingDown
		boot.kubernetes.mu.Unlock()

		if !shuttingDown {
			boot.Services.Start(boot.ctx, "kubelet")
		}
	}()
}

// stopAllPods ends the kubelet in good order and then the pods.
func (boot *Boot) stopAllPods(ctx context.Context) error {
	boot.kubernetes.mu.Lock()
	boot.kubernetes.shuttingDown = true
	boot.kubernetes.mu.Unlock()

	boot.Services.Stop("kubelet")

	return errors.Join(boot.kubernetes.manager.Stop(ctx), boot.kubernetes.server.Stop(ctx))
}
