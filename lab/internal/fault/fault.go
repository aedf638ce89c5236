// Package fault names what can go wrong with a machine of the lab, and keeps what does at the moment.
package fault

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Name is one thing that goes wrong.
type Name string

// The faults. Each lasts until it is lifted.
const (
	// NeverReturns keeps a machine that restarts from booting again.
	NeverReturns Name = "never-returns"
	// SlowBoot makes a boot take 20 s longer.
	SlowBoot Name = "slow-boot"
	// FallsBack boots the old version after an upgrade, as Talos does when the new one fails.
	FallsBack Name = "falls-back"
	// PullFails answers every pull of an installer image with "not found".
	PullFails Name = "pull-fails"
	// InstallerFails ends the installer with exit code 1.
	InstallerFails Name = "installer-fails"
	// PreflightRefuses lets the installer's own check of versions refuse.
	PreflightRefuses Name = "preflight-refuses"
	// EtcdDown keeps etcd from running while the rest of the machine is well.
	EtcdDown Name = "etcd-down"
	// MemberKilled kills etcd once; Talos starts it again.
	MemberKilled Name = "member-killed"
	// DataLost empties etcd's data directory at the next start.
	DataLost Name = "data-lost"
	// LearnerStuck never promotes a member that joins.
	LearnerStuck Name = "learner-stuck"
	// Partition cuts the machine off from the other machines; people still reach it.
	Partition Name = "partition"
	// APIServerDown keeps kube-apiserver from running.
	APIServerDown Name = "api-server-down"
	// DrainBlocked keeps a pod with a disruption budget of none on the machine.
	DrainBlocked Name = "drain-blocked"
	// NodeNotReady keeps the Kubernetes Node from being Ready.
	NodeNotReady Name = "node-not-ready"
	// Stranger answers in maintenance mode at the machine's address: another machine, without its disk.
	Stranger Name = "stranger"
	// CertificateMismatch serves a certificate that does not name the machine's address.
	CertificateMismatch Name = "certificate-mismatch"
	// ConcurrentApply refuses a config as if another were just being applied.
	ConcurrentApply Name = "concurrent-apply"
	// Hang accepts connections and answers nothing.
	Hang Name = "hang"
	// Off is a machine without power.
	Off Name = "off"
)

// All lists every fault in the order people are told of them.
var All = []Name{
	NeverReturns, SlowBoot, FallsBack, PullFails, InstallerFails, PreflightRefuses, EtcdDown, MemberKilled, DataLost, LearnerStuck,
	Partition, APIServerDown, DrainBlocked, NodeNotReady, Stranger, CertificateMismatch, ConcurrentApply, Hang, Off,
}

// Parse returns the fault of a name.
func Parse(name string) (Name, error) {
	if slices.Contains(All, Name(name)) {
		return Name(name), nil
	}

	known := []string(nil)
	for _, each := range All {
		known = append(known, string(each))
	}

	return "", fmt.Errorf("fault %q: unknown. Known are %s", name, strings.Join(known, ", "))
}

// Set is what goes wrong with one machine now. The zero value is a machine that is well.
type Set struct {
	mu    sync.Mutex
	names []Name
}

// Has tells whether a fault is set.
func (set *Set) Has(name Name) bool {
	set.mu.Lock()
	defer set.mu.Unlock()

	return slices.Contains(set.names, name)
}

// Add sets a fault and tells whether it was not set before.
func (set *Set) Add(name Name) bool {
	set.mu.Lock()
	defer set.mu.Unlock()

	if slices.Contains(set.names, name) {
		return false
	}

	set.names = append(set.names, name)

	return true
}

// Remove lifts a fault and tells whether it was set.
func (set *Set) Remove(name Name) bool {
	set.mu.Lock()
	defer set.mu.Unlock()

	before := len(set.names)
	set.names = slices.DeleteFunc(set.names, func(each Name) bool { return each == name })

	return len(set.names) < before
}

// Names returns the faults that are set, in the order they were.
func (set *Set) Names() []Name {
	set.mu.Lock()
	defer set.mu.Unlock()

	return slices.Clone(set.names)
}
