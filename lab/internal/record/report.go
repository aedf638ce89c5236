package record

import (
	"time"

	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
)

// Apply is one configuration a machine accepted.
type Apply struct {
	At           time.Time `json:"at"`
	Mode         string    `json:"mode"`
	ResolvedMode string    `json:"resolvedMode"`
	DryRun       bool      `json:"dryRun"`
	Insecure     bool      `json:"insecure"`
	Rebooted     bool      `json:"rebooted"`
}

// Upgrade is one system that an upgrade wrote to a machine's disk.
type Upgrade struct {
	At        time.Time `json:"at"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Schematic string    `json:"schematic"`
}

// Machine is what is reported of one machine.
type Machine struct {
	Address           string       `json:"address"`
	Name              string       `json:"name"`
	Role              string       `json:"role"`
	Power             string       `json:"power"`
	Stage             string       `json:"stage"`
	Ready             bool         `json:"ready"`
	TalosVersion      string       `json:"talosVersion"`
	KubernetesVersion string       `json:"kubernetesVersion"`
	BootID            string       `json:"bootId"`
	Boots             int          `json:"boots"`
	Applies           []Apply      `json:"applies"`
	Upgrades          []Upgrade    `json:"upgrades"`
	Bootstraps        int          `json:"bootstraps"`
	Resets            int          `json:"resets"`
	Faults            []fault.Name `json:"faults"`
	// ClockOffsetSeconds is how far the machine's clock is from the computer's.
	ClockOffsetSeconds float64 `json:"clockOffsetSeconds"`
}

// EventKind is what an event is about.
type EventKind string

// The kinds of events.
const (
	EventApply     EventKind = "apply"
	EventUpgrade   EventKind = "upgrade"
	EventBootstrap EventKind = "bootstrap"
	EventReset     EventKind = "reset"
	EventMember    EventKind = "member"
	EventSecrets   EventKind = "secrets"
)

// Event is one thing that happened, in the order over the whole lab.
type Event struct {
	At      time.Time `json:"at"`
	Kind    EventKind `json:"kind"`
	Address string    `json:"address"`
	Name    string    `json:"name"`
	Detail  string    `json:"detail"`
}

// Invariants are figures over the life of the lab, or since the record was reset.
type Invariants struct {
	// MaxControllersOut and MaxWorkersOut are the most machines that were ready before and were not, at one time.
	MaxControllersOut int `json:"maxControllersOut"`
	MaxWorkersOut     int `json:"maxWorkersOut"`
	// QuorumLost tells whether ever too few etcd members served.
	QuorumLost bool `json:"quorumLost"`
	// InsecureConfigsAfterFirstApply are configs taken over unverified TLS by a machine that had been configured.
	InsecureConfigsAfterFirstApply int `json:"insecureConfigsAfterFirstApply"`
	// SecretsToStrangers are configs with secrets that came to such a machine, whether it took them or not.
	SecretsToStrangers int `json:"secretsToStrangers"`
	Bootstraps         int `json:"bootstraps"`
	// UpgradesPerMachine is how often, at most, one machine was upgraded to the same version and schematic.
	UpgradesPerMachine int `json:"upgradesPerMachine"`
	Resets             int `json:"resets"`
	// MembershipChanges are members of etcd that were added, promoted or removed, or left.
	MembershipChanges int `json:"membershipChanges"`
}

// Report is everything that was recorded.
type Report struct {
	Machines   []Machine  `json:"machines"`
	Events     []Event    `json:"events"`
	Invariants Invariants `json:"invariants"`
}

func nameOf(watched *machine.Machine) string {
	if config := watched.Config(); config != nil && config.CompleteForBoot() {
		return watched.Hostname()
	}

	return ""
}

func describe(watched *machine.Machine, history *history) Machine {
	described := Machine{
		Address:            watched.Address().String(),
		Name:               nameOf(watched),
		Power:              string(watched.Power()),
		Stage:              "off",
		Boots:              watched.Boots(),
		Applies:            append([]Apply{}, history.applies...),
		Upgrades:           append([]Upgrade{}, history.upgrades...),
		Bootstraps:         history.bootstraps,
		Resets:             history.resets,
		Faults:             append([]fault.Name{}, watched.Faults.Names()...),
		ClockOffsetSeconds: watched.ClockOffset().Seconds(),
	}

	if installed := watched.Disk.System(); installed != nil {
		described.TalosVersion = installed.Version
	}

	if config := watched.Config(); config != nil && config.CompleteForBoot() {
		described.Role = "worker"
		if config.Machine().Type().IsControlPlane() {
			described.Role = "controller"
		}

		described.KubernetesVersion = profile.TagOfImage(config.Machine().Kubelet().Image())
	}

	boot := watched.Boot()

	switch {
	case boot != nil:
		status := boot.Status()
		described.Stage = status.Stage.String()
		described.Ready = status.Ready
		described.TalosVersion = boot.Profile.Tag
		described.BootID = boot.ID
	case watched.Power() == machine.PowerOn:
		described.Stage = runtime.MachineStageRebooting.String()
	case watched.Power() == machine.PowerHang:
		described.Stage = string(machine.PowerHang)
	}

	return described
}
