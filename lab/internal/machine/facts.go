package machine

import (
	"slices"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/resources"
)

// statusKey is what a MachineStatusEvent says; an event is published when it changes.
type statusKey struct {
	stage runtime.MachineStage
	unmet []runtime.UnmetCondition
}

// String is the line of the lab's own log.
func (status *statusKey) String() string {
	if len(status.unmet) == 0 {
		return status.stage.String() + ", ready"
	}

	reasons := []string(nil)
	for _, condition := range status.unmet {
		reasons = append(reasons, condition.Reason)
	}

	return status.stage.String() + ", not ready: " + strings.Join(reasons, "; ")
}

// Status is a machine's condition in short.
type Status struct {
	Stage        runtime.MachineStage
	Ready        bool
	ControlPlane bool
}

// Status returns the condition that was last published.
func (boot *Boot) Status() Status {
	config := boot.Config()
	status := Status{
		Stage:        boot.Stage(),
		ControlPlane: config != nil && config.CompleteForBoot() && config.Machine().Type().IsControlPlane(),
	}

	if published := boot.lastStatus.Load(); published != nil {
		status.Ready = len(published.unmet) == 0
	}

	return status
}

// Hostname returns the machine's present name.
func (boot *Boot) Hostname() string {
	return resources.Hostname(boot.Config(), boot.nodeID, boot.Machine.hardware.Address)
}

// NodeID returns the machine's identity in its cluster.
func (boot *Boot) NodeID() string { return boot.nodeID }

// Facts gathers everything the machine's resources are made from.
func (boot *Boot) Facts() resources.Facts {
	boot.factsMu.Lock()
	stage, mounted := boot.stages.current, boot.mounted
	boot.factsMu.Unlock()

	facts := resources.Facts{
		Hardware:     boot.Machine.Hardware(),
		Image:        boot.image(),
		Schematic:    boot.schematic(),
		TalosVersion: boot.Profile.Tag,
		Installed:    boot.Machine.Disk.System(),
		Config:       boot.Config(),
		Stage:        stage,
		Hostname:     boot.Hostname(),
		NodeID:       boot.nodeID,
		Mounted:      mounted,
		Services:     boot.Services.Statuses(),
		ClockWrong:   !boot.TimeSynced(),
	}

	if facts.Complete() {
		facts.APIServers = boot.Machine.peers.apiServers(facts.Config)

		if facts.Config.Cluster().Discovery().Enabled() {
			facts.Members = boot.Machine.peers.members(facts.Config)
		}
	}

	boot.addKubernetesFacts(&facts)

	return facts
}

// notify asks for a refresh soon; any number of calls become one.
func (boot *Boot) notify() {
	select {
	case boot.dirty <- struct{}{}:
	default:
	}
}

func (boot *Boot) refreshLoop() {
	for {
		select {
		case <-boot.ctx.Done():
			return
		case <-boot.dirty:
			boot.refresh()

			// What happens at once is one change of status, as in Talos, and costs one projection.
			pause.For(boot.ctx, refreshInterval) //nolint:errcheck
		}
	}
}

const refreshInterval = 10 * time.Millisecond

// refresh brings the resources in line with the facts and publishes a changed machine status.
func (boot *Boot) refresh() {
	boot.refreshMu.Lock()
	defer boot.refreshMu.Unlock()

	if boot.ctx.Err() != nil {
		return
	}

	facts := boot.Facts()

	if err := boot.Resources.Sync(boot.ctx, "facts", resources.Project(facts)); err != nil {
		boot.Journal.Talos("resources: %s", err)
	}

	// Static pods carry the versions of what was just stored, and a machine is not ready while one of them does not run.
	boot.syncStaticPods(&facts)

	facts.Unmet = unmet(facts)

	if err := boot.Resources.Sync(boot.ctx, "status", resources.Status(facts)); err != nil {
		boot.Journal.Talos("resources: %s", err)
	}

	boot.announce(facts)
	boot.restartChangedKubelet()

	// Whether etcd serves is not part of the machine's status once it runs; the record of lost quorums needs it.
	if serving := boot.Services.IsUp("etcd"); serving != boot.etcdServing {
		boot.etcdServing = serving
		defer boot.Machine.options.Observer.StatusChanged(boot.Machine)
	}

	status := &statusKey{stage: facts.Stage, unmet: facts.Unmet}
	boot.confirmUpgrade(status)

	if last := boot.lastStatus.Load(); last == nil || last.stage != status.stage || !slices.Equal(last.unmet, status.unmet) {
		boot.lastStatus.Store(status)

		if status.stage == runtime.MachineStageUnknown {
			return
		}

		boot.Machine.log("%s", status)
		boot.Events.Publish(boot.ctx, statusEvent(status.stage, status.unmet))
		boot.Machine.options.Observer.StatusChanged(boot.Machine)
	}
}

// announce publishes the machine's name, and its address once it is configured, whenever they change.
func (boot *Boot) announce(facts resources.Facts) {
	name := facts.Hostname
	addresses := []string(nil)

	if facts.Complete() {
		addresses = []string{facts.Hardware.Address.String()}
	}

	if name == boot.announcedName && len(addresses) == boot.announcedAddresses {
		return
	}

	boot.announcedName, boot.announcedAddresses = name, len(addresses)
	boot.Events.Publish(boot.ctx, &machine.AddressEvent{Hostname: name, Addresses: addresses})
}
