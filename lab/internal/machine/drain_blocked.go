package machine

import (
	"context"
	"errors"
	"time"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/kubernetes"
	"talos-cluster/lab/internal/pause"
)

const (
	// blockInterval is how often is looked whether the pod that blocks drains still stands where it should.
	blockInterval = time.Second
	blockTimeout  = 5 * time.Second
)

// errNoCluster is why nothing can be written into a cluster: no controller is configured, or the machine is not.
var errNoCluster = errors.New("the machine belongs to no cluster that runs")

// blockDrain keeps a pod that may not be evicted on the machine while the fault is set, and takes it away afterwards.
// What one boot placed the next one takes away.
func (boot *Boot) blockDrain() {
	told := ""

	for boot.ctx.Err() == nil {
		wanted := boot.Machine.Faults.Has(fault.DrainBlocked)

		if wanted || boot.Machine.blocked.Load() {
			if err := boot.keepBlocker(wanted); err == nil {
				boot.Machine.blocked.Store(wanted)
			} else if told != err.Error() {
				told = err.Error()
				boot.Machine.log("fault %s: %s", fault.DrainBlocked, told)
			}
		}

		pause.For(boot.ctx, blockInterval) //nolint:errcheck // the loop looks
	}
}

func (boot *Boot) keepBlocker(wanted bool) error {
	ctx, cancel := context.WithTimeout(boot.ctx, blockTimeout)
	defer cancel()

	blocker, err := boot.blocker()
	if err != nil {
		return err
	}

	if wanted {
		return blocker.Place(ctx)
	}

	return blocker.Remove(ctx)
}

// blocker writes with the rights of any controller: a worker's own are not enough.
func (boot *Boot) blocker() (*kubernetes.Blocker, error) {
	config := boot.Config()
	if config == nil || !config.CompleteForBoot() {
		return nil, errNoCluster
	}

	controller := boot.Machine.peers.controllerConfig(config)
	if controller == nil {
		return nil, errNoCluster
	}

	configuration, err := kubernetes.AdminConfig(controller, "")
	if err != nil {
		return nil, err
	}

	return kubernetes.NewBlocker(configuration, boot.kubernetesNode().Hostname)
}
