package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// request is one machine to render.
type request struct {
	ID          string   `json:"id"`
	Role        string   `json:"role"`
	Contract    string   `json:"contract"`
	Kubernetes  string   `json:"kubernetes"`
	ClusterName string   `json:"clusterName"`
	Endpoint    string   `json:"endpoint"`
	Patches     []string `json:"patches"`
	Mode        string   `json:"mode"`
}

var roles = map[string]machineconfig.Type{
	"controller": machineconfig.TypeControlPlane,
	"worker":     machineconfig.TypeWorker,
}

// renderer keeps one set of secrets for each contract: a service account key takes a second to make.
type renderer struct {
	bundles map[string]*secrets.Bundle
}

func newRenderer() *renderer {
	return &renderer{bundles: map[string]*secrets.Bundle{}}
}

func (r *renderer) check(wanted request) result {
	content, err := r.render(wanted)
	if err == nil {
		err = validate(content, wanted.Mode)
	}

	if err != nil {
		return result{ID: wanted.ID, Error: err.Error(), Config: string(content)}
	}

	return result{ID: wanted.ID, OK: true, Config: string(content)}
}

// render makes the role's base with the plugin's own disk and installer, and puts the patches on it in their order.
func (r *renderer) render(wanted request) ([]byte, error) {
	kind, known := roles[wanted.Role]
	if !known {
		return nil, fmt.Errorf("role %q is neither controller nor worker", wanted.Role)
	}

	contract, err := config.ParseContractFromVersion(wanted.Contract)
	if err != nil {
		return nil, err
	}

	bundle, err := r.bundle(contract)
	if err != nil {
		return nil, err
	}

	input, err := generate.NewInput(
		wanted.ClusterName,
		wanted.Endpoint,
		strings.TrimPrefix(wanted.Kubernetes, "v"),
		generate.WithClusterDiscovery(true),
		generate.WithDNSDomain(constants.DefaultDNSDomain),
		generate.WithInstallDisk("/dev/sda"),
		generate.WithInstallImage("ghcr.io/siderolabs/installer:v1.13.0"),
		generate.WithSecretsBundle(bundle),
		generate.WithVersionContract(contract),
	)
	if err != nil {
		return nil, err
	}

	base, err := input.Config(kind)
	if err != nil {
		return nil, err
	}

	patches, err := configpatcher.LoadPatches(wanted.Patches)
	if err != nil {
		return nil, fmt.Errorf("a patch does not load: %w", err)
	}

	patched, err := configpatcher.Apply(configpatcher.WithConfig(base), patches)
	if err != nil {
		return nil, fmt.Errorf("a patch does not apply: %w", err)
	}

	rendered, err := patched.Config()
	if err != nil {
		return nil, err
	}

	return rendered.EncodeBytes(encoder.WithComments(encoder.CommentsDisabled))
}

func (r *renderer) bundle(contract *config.VersionContract) (*secrets.Bundle, error) {
	if found, ok := r.bundles[contract.String()]; ok {
		return found, nil
	}

	made, err := secrets.NewBundle(secrets.NewClock(), contract)
	if err != nil {
		return nil, err
	}

	r.bundles[contract.String()] = made

	return made, nil
}

// validate does what `talosctl validate --strict` does, and takes the warnings of every document for errors:
// talosctl does so with those of the oldest document only.
func validate(content []byte, mode string) error {
	if mode != "metal" {
		return fmt.Errorf("mode %q is not known here: only metal is", mode)
	}

	loaded, err := configloader.NewFromBytes(content)
	if err != nil {
		return fmt.Errorf("the rendered config does not load: %w", err)
	}

	warnings, err := loaded.Validate(metal{}, validation.WithLocal(), validation.WithStrict())
	if err != nil {
		return err
	}

	if len(warnings) > 0 {
		return errors.New("warning: " + strings.Join(warnings, "; "))
	}

	return nil
}

// metal is the mode of machines that Talos installs itself on.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }
