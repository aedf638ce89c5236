package machine

import (
	"context"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"

	"talos-cluster/lab/internal/pause"
)

// serverHealth is what is known of the machine's API server.
type serverHealth struct {
	running  int       // generation of the static pods whose API server runs
	answered bool      // it was ready once
	leading  bool      // controller manager and scheduler can hold their leases
	last     time.Time // when it was last ready
}

const (
	readyPoll      = 200 * time.Millisecond
	readyPollAfter = time.Second

	// leaseLoss is how long controller manager and scheduler live on without an API server (their renew deadline).
	leaseLoss = 10 * time.Second
)

// podReady is the readiness of a static pod. As in Talos nothing probes the API server: it is ready once it has come up,
// and stays so. The other two end, and come back, when they lose their leases.
func (boot *Boot) podReady(name string) bool {
	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	if strings.HasPrefix(name, k8s.APIServerID) {
		return boot.kubernetes.health.answered
	}

	return boot.kubernetes.health.leading
}

func (boot *Boot) apiServerReady() bool { return boot.podReady(k8s.APIServerID) }

// probe follows the machine's API server until ctx ends.
func (boot *Boot) probe(ctx context.Context) {
	for wait := readyPoll; pause.For(ctx, wait) == nil; {
		boot.kubernetes.mu.Lock()
		asked := boot.kubernetes.health.running
		boot.kubernetes.mu.Unlock()

		ready := boot.kubernetes.server.Ready(ctx) == nil
		if ctx.Err() != nil {
			return
		}

		wait = readyPoll
		if ready {
			wait = readyPollAfter
		}

		if boot.judgeServer(ready, asked) {
			boot.kubernetesConfigChanged()
			boot.Machine.peers.Changed()
		}
	}
}

// judgeServer takes an answer of the API server and tells whether the readiness of any pod changed.
func (boot *Boot) judgeServer(ready bool, asked int) bool {
	boot.kubernetes.mu.Lock()
	defer boot.kubernetes.mu.Unlock()

	health := &boot.kubernetes.health
	before := *health

	// An answer that the API server of before may have given says nothing about the one that is due.
	if asked != boot.kubernetes.static.given.generation {
		return false
	}

	if ready {
		health.answered, health.last = true, time.Now()
	}

	health.leading = health.answered && time.Since(health.last) < leaseLoss

	return before.answered != health.answered || before.leading != health.leading
}
