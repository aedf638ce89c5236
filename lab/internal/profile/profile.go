// Package profile says how a machine behaves as a function of the Talos version it runs.
package profile

import (
	"fmt"
	"strings"

	"github.com/blang/semver/v4"
)

// Profile is the behaviour of one Talos version.
type Profile struct {
	// Tag is the version as Talos writes it, "v1.13.0".
	Tag string

	version semver.Version
}

// Oldest is the first Talos minor whose behaviour is emulated; Newest is bound by the machinery this program is built with.
var (
	Oldest = semver.MustParse("1.12.0")
	Newest = semver.MustParse("1.13.999")
)

// Parse returns the profile of a tag such as "v1.13.0".
func Parse(tag string) (Profile, error) {
	version, err := semver.Parse(strings.TrimPrefix(tag, "v"))
	if err != nil || !strings.HasPrefix(tag, "v") {
		return Profile{}, fmt.Errorf("Talos version %q: not a version. Write it as v1.13.0", tag)
	}

	core := version
	core.Pre = nil

	if core.LT(Oldest) || core.GT(Newest) {
		return Profile{}, fmt.Errorf("Talos version %q: not emulated. The lab knows v%d.%d to v%d.%d",
			tag, Oldest.Major, Oldest.Minor, Newest.Major, Newest.Minor)
	}

	return Profile{Tag: tag, version: version}, nil
}

func (profile Profile) atLeast(major, minor uint64) bool {
	return profile.version.Major > major || profile.version.Major == major && profile.version.Minor >= minor
}

// MaintenanceOverAPID tells whether maintenance mode is served by apid and machined (1.13) or by the small server of 1.12.
func (profile Profile) MaintenanceOverAPID() bool { return profile.atLeast(1, 13) }

// EarlyAPID tells whether apid starts with the first services (1.13), so that it answers while Talos is being installed.
func (profile Profile) EarlyAPID() bool { return profile.atLeast(1, 13) }

// ExplicitOneToMany tells whether one-to-many proxying is a list of allowed services (1.13) or only refused for COSI (1.12).
func (profile Profile) ExplicitOneToMany() bool { return profile.atLeast(1, 13) }

// MachineTypeChecks tells whether the server asks the MachineType resource (1.13) or the config (1.12) for control plane checks.
func (profile Profile) MachineTypeChecks() bool { return profile.atLeast(1, 13) }

// LifecycleAPI tells whether there are LifecycleService and ImageService (1.13), beside the old calls of MachineService.
func (profile Profile) LifecycleAPI() bool { return profile.atLeast(1, 13) }
