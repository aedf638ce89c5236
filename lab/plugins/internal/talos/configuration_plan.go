package talos

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const stagedIfNeedingReboot = "staged_if_needing_reboot"

var errPatchesUnknown = errors.New("config_patches are unknown")

// ModifyPlan renders the configuration as soon as everything it is made of is known, so that a preview shows it. While a
// patch or the input is unknown, an update keeps the rendered configuration of last time: the preview then shows no change of
// it although there will be one.
func (r configurationApply) ModifyPlan(ctx context.Context, plan *bridge.Plan) bridge.Diagnostics {
	if addressesUnknown(plan) {
		return nil
	}

	fillEndpoint(plan)

	rendered, problem := render(plan.Config)

	switch {
	case problem != nil && errors.Is(problem.err, errPatchesUnknown):
		return nil
	case problem != nil:
		return bridge.Errorf(problem.summary, "%s", problem.err)
	case rendered == nil:
		return nil
	}

	sum := sha256.Sum256(rendered)
	plan.Planned[hashKey] = resource.NewStringProperty(hex.EncodeToString(sum[:]))

	if bridge.IsNull(plan.Config, inputOnWriteKey) {
		plan.Planned[renderedKey] = resource.NewStringProperty(string(rendered))
	} else {
		delete(plan.Planned, renderedKey)
	}

	mode, diagnostics := r.resolve(ctx, plan, rendered)
	if mode != "" {
		plan.Planned[resolvedModeKey] = resource.NewStringProperty(mode)
	}

	return diagnostics
}

// renderProblem is an error with the summary the plugin gives it in a plan.
type renderProblem struct {
	summary string
	err     error
}

// render applies the patches to the input. Nothing comes back while the input is unknown.
func render(config resource.PropertyMap) ([]byte, *renderProblem) {
	input, found := chosen(config, inputKey, inputOnWriteKey)
	if !found || !input.IsString() {
		return nil, nil
	}

	texts, known := bridge.Texts(config, patchesKey)
	if !known {
		return nil, &renderProblem{err: errPatchesUnknown}
	}

	patches, err := configpatcher.LoadPatches(texts)
	if err != nil {
		return nil, &renderProblem{summary: "Error loading config patches", err: err}
	}

	patched, err := configpatcher.Apply(configpatcher.WithBytes([]byte(input.StringValue())), patches)
	if err != nil {
		return nil, &renderProblem{summary: "Error applying config patches", err: err}
	}

	content, err := patched.Bytes()
	if err != nil {
		return nil, &renderProblem{summary: "Error converting config to bytes", err: err}
	}

	return content, nil
}

// resolve settles the mode. Only staged_if_needing_reboot asks the machine, with a dry run, in the preview too; whatever goes
// wrong there ends in "auto", which may reboot.
func (r configurationApply) resolve(ctx context.Context, plan *bridge.Plan, rendered []byte) (string, bridge.Diagnostics) {
	asked := bridge.Text(plan.Config, applyModeKey)

	switch {
	case asked == "":
		return "auto", nil
	case asked != stagedIfNeedingReboot:
		return asked, nil
	}

	if stored := bridge.Text(plan.Prior, resolvedModeKey); stored != "" && bridge.Text(plan.Prior, renderedKey) == string(rendered) {
		return stored, nil
	}

	values, problem := access(plan.Config)
	if problem != "" {
		return "auto", nil
	}

	node := bridge.Text(plan.Config, nodeKey)

	target, err := newMachine(plan.Planned, values)
	if err != nil {
		return "auto", cannotCheck(node, err)
	}

	needsReboot, err := dryRun(ctx, target, rendered)

	switch {
	case err != nil:
		return "auto", cannotCheck(node, err)
	case needsReboot:
		return "staged", bridge.Diagnostics{{
			Severity: bridge.Warning,
			Summary:  "Reboot prevented - using staged mode",
			Detail: fmt.Sprintf("Node %s: Configuration requires reboot. Using 'staged' mode. Manually reboot with: "+
				"talosctl reboot --nodes %s", node, node),
		}}
	}

	return "auto", nil
}

func cannotCheck(node string, err error) bridge.Diagnostics {
	return bridge.Diagnostics{{
		Severity: bridge.Warning,
		Summary:  "Cannot check reboot requirement",
		Detail:   fmt.Sprintf("Node %s: %v. Using 'auto' mode (may reboot).", node, err),
	}}
}

// dryRun asks the machine what it would do. Mode 0 counts as a reboot: that is also what an answer without a mode looks like.
func dryRun(ctx context.Context, target machine, rendered []byte) (needsReboot bool, err error) {
	err = target.do(ctx, func(ctx context.Context, client *client.Client) error {
		response, err := client.ApplyConfiguration(ctx, &machineapi.ApplyConfigurationRequest{
			Mode: machineapi.ApplyConfigurationRequest_AUTO, Data: rendered, DryRun: true,
		})
		if err != nil {
			return err
		}

		if messages := response.GetMessages(); len(messages) > 0 {
			needsReboot = messages[0].GetMode() == machineapi.ApplyConfigurationRequest_REBOOT
		}

		return nil
	})

	return needsReboot, err
}
