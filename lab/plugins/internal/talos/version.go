package talos

import (
	"fmt"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/gendata"
	"golang.org/x/mod/semver"

	"talos-cluster/lab/plugins/internal/bridge"
)

// defaultContract is the minor of the machinery the plugin is built with, whatever the cluster runs.
func defaultContract() string {
	return semver.MajorMinor(gendata.VersionTag)
}

// defaultInstaller is likewise the plugin's own version: callers set machine.install.image themselves.
func defaultInstaller() string {
	return fmt.Sprintf("%s/%s/installer:%s", gendata.ImagesRegistry, gendata.ImagesUsername, gendata.VersionTag)
}

// validContract refuses what is no Talos version.
func validContract(version string) *bridge.Diagnostic {
	if _, err := config.ParseContractFromVersion(version); err != nil {
		return &bridge.Diagnostic{Summary: "Invalid version", Detail: err.Error(), Whole: true}
	}

	return nil
}

// older compares two contracts, with or without a leading v.
func older(version, than string) bool {
	return semver.Compare("v"+strings.TrimPrefix(version, "v"), "v"+strings.TrimPrefix(than, "v")) < 0
}
