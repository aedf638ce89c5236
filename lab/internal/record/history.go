package record

import (
	"time"

	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/machine"
)

// history is what is remembered of one machine.
type history struct {
	applies    []Apply
	upgrades   []Upgrade
	bootstraps int
	resets     int

	configured bool // it took a config once
	controller bool // as it was last seen
	readySince time.Time
	wasReady   bool
	hadEtcd    bool
	gone       bool // it left the cluster on purpose
	wentDown   bool // since it left
}

// forget drops what happened and keeps what the machine is.
func (history *history) forget() {
	history.applies, history.upgrades, history.bootstraps, history.resets = nil, nil, 0, 0
}

// leave is called when the machine left the cluster on purpose: it is no longer missed.
func (history *history) leave() {
	history.readySince, history.wasReady, history.hadEtcd = time.Time{}, false, false
	history.gone, history.wentDown = true, false
}

// wasReset is called when the machine was reset. A controller whose member stays in the cluster is missed all the same.
func (history *history) wasReset() {
	history.resets++

	if !history.hadEtcd {
		history.leave()
	}
}

// repeated is how often the machine was upgraded to the system it was upgraded to most often.
func (history *history) repeated() int {
	most := 0
	counts := map[[2]string]int{}

	for _, upgrade := range history.upgrades {
		system := [2]string{upgrade.To, upgrade.Schematic}
		counts[system]++
		most = max(most, counts[system])
	}

	return most
}

// sight is what is seen of a machine at one moment. One that is cut off serves nobody, whatever it thinks of itself.
type sight struct {
	ready      bool
	etcd       bool
	controller bool
}

func look(watched *machine.Machine) sight {
	boot := watched.Boot()
	if boot == nil {
		return sight{}
	}

	status := boot.Status()

	return sight{
		ready:      status.Ready && status.Stage == runtime.MachineStageRunning && !watched.Faults.Has(fault.Partition),
		etcd:       boot.Services.IsUp("etcd") && boot.Etcd().Running(),
		controller: status.ControlPlane,
	}
}

// returned tells whether a machine that left has come back: it was down, and is ready again.
func (history *history) returned(seen sight) bool {
	history.wentDown = history.wentDown || !seen.ready
	history.gone = !history.wentDown || !seen.ready

	return !history.gone
}

// settled is how long a machine must have been ready to count as having come up: while it boots for the first time it
// is ready for a moment before the kubelet has looked at its static pods.
const settled = 2 * time.Second

// follow notes what is seen of the machine now and tells whether it is out of service: it was ready before and is not.
func (history *history) follow(seen sight) bool {
	if history.gone && !history.returned(seen) {
		return false
	}

	history.hadEtcd = history.hadEtcd || seen.etcd

	switch {
	case seen.ready && history.readySince.IsZero():
		history.readySince = time.Now()
	case !seen.ready && !history.readySince.IsZero():
		history.wasReady = history.wasReady || time.Since(history.readySince) >= settled
		history.readySince = time.Time{}
	}

	if seen.ready {
		history.controller = seen.controller
	}

	return history.wasReady && !seen.ready
}
