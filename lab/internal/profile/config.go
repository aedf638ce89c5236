package profile

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/cosi-project/runtime/pkg/state"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"github.com/siderolabs/talos/pkg/machinery/version"
)

// kindsSince113 are the document kinds Talos 1.13 registers and 1.12 does not.
var kindsSince113 = []string{
	"BlackholeRouteConfig", "EnvironmentConfig", "ExternalVolumeConfig", "ImageVerificationConfig",
	"KubeSpanConfig", "RoutingRuleConfig", "TCPProbeConfig", "VRFConfig",
}

// Decode parses a machine configuration as this version does: a document kind it does not know is an error.
func (profile Profile) Decode(data []byte) (config.Provider, error) {
	provider, err := configloader.NewFromBytes(data)
	if err != nil {
		return nil, err
	}

	if profile.atLeast(1, 13) {
		return provider, nil
	}

	for _, document := range provider.Documents() {
		if slices.Contains(kindsSince113, document.Kind()) {
			return nil, fmt.Errorf("%q %q: not registered", document.Kind(), document.APIVersion())
		}
	}

	return provider, nil
}

// versionTag guards the machinery's global version, which RuntimeValidate compares Kubernetes versions with.
var versionTag sync.Mutex

// Validate runs Talos's own validation with the tables of this version.
func (profile Profile) Validate(
	ctx context.Context, provider config.Provider, resources state.State, mode validation.RuntimeMode,
) (static []string, runtime []string, staticErr error, runtimeErr error) {
	versionTag.Lock()
	defer versionTag.Unlock()

	previous := version.Tag
	version.Tag = profile.Tag

	defer func() { version.Tag = previous }()

	static, staticErr = provider.Validate(mode)
	if staticErr != nil {
		return static, nil, staticErr, nil
	}

	runtime, runtimeErr = provider.RuntimeValidate(ctx, resources, mode)

	return static, runtime, nil, runtimeErr
}

// Mode is the runtime mode of an emulated machine: metal.
type Mode struct {
	Installed bool
}

// RequiresInstall implements validation.RuntimeMode.
func (mode Mode) RequiresInstall() bool { return !mode.Installed }

// InContainer implements validation.RuntimeMode.
func (mode Mode) InContainer() bool { return false }

// String implements validation.RuntimeMode.
func (mode Mode) String() string { return "metal" }
