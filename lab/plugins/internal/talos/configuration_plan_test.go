package talos

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	machineapi "github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/grpc/codes"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/plugintest"
)

func TestPreviewRendersWhatIsKnown(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := applyInputs(t, plugin, machine)

	state, err := plugin.create(applyToken, inputs, true)
	if err != nil {
		t.Fatal(err)
	}

	if !state[renderedKey].IsSecret() {
		t.Fatalf("rendered configuration %v", state[renderedKey])
	}

	text := state[renderedKey].SecretValue().Element.StringValue()
	if !strings.Contains(text, "disk: /dev/vda") || !strings.Contains(text, "kind: HostnameConfig") {
		t.Error("the patch, or the second document, is not in the rendered configuration")
	}

	sum := sha256.Sum256([]byte(text))
	if state[hashKey].StringValue() != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %v", state[hashKey])
	}

	if state[resolvedModeKey].StringValue() != "auto" || state[applyModeKey].StringValue() != "auto" || !state["id"].IsComputed() {
		t.Errorf("state %v", state)
	}

	if calls := machine.asked(); len(calls) > 0 {
		t.Errorf("a preview asked the machine: %v", calls)
	}
}

func TestPreviewOfUnknowns(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := applyInputs(t, plugin, machine)
	prior := stored(plugin.mustCreate(applyToken, inputs))

	for name, change := range map[string]map[string]any{
		"node":        {"node": plugintest.Unknown()},
		"input":       {"machineConfigurationInput": plugintest.Unknown()},
		"one patch":   {"configPatches": resource.NewArrayProperty([]resource.PropertyValue{plugintest.Unknown()})},
		"all patches": {"configPatches": plugintest.Unknown()},
	} {
		t.Run(name, func(t *testing.T) {
			changed := plugintest.With(inputs, change)

			created, err := plugin.create(applyToken, changed, true)
			if err != nil || !created[renderedKey].IsComputed() || !created[hashKey].IsComputed() {
				t.Errorf("create: %v, %v", created, err)
			}

			// An update shows the configuration of last time, although another one will be applied.
			updated, err := plugin.update(applyToken, prior, changed, true)
			if err != nil || !stored(updated)[renderedKey].DeepEquals(prior[renderedKey]) || !updated[resolvedModeKey].IsComputed() {
				t.Errorf("update: %v, %v", updated, err)
			}
		})
	}
}

func TestApplyDiff(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := applyInputs(t, plugin, machine)
	state := stored(plugin.mustCreate(applyToken, inputs))
	rendering := []string{"configPatches", "machineConfiguration", "machineConfigurationHash"}

	for _, test := range []struct {
		name   string
		change map[string]any
		diffs  []string
	}{
		{"same", nil, nil},
		{"patch", map[string]any{"configPatches": []any{"machine:\n  install:\n    disk: /dev/vdb\n"}}, rendering},
		{"patch written otherwise", map[string]any{"configPatches": []any{"machine: {install: {disk: /dev/vda}}\n"}}, rendering[:1]},
		{"node", map[string]any{"node": "127.0.0.2"}, []string{"node"}},
		{"no endpoint", map[string]any{"endpoint": nil}, []string{"endpoint"}},
		{"mode", map[string]any{"applyMode": "staged"}, []string{"applyMode", "resolvedApplyMode"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := plugin.diff(applyToken, state, plugintest.With(inputs, test.change))
			if !slices.Equal(response.GetDiffs(), test.diffs) || len(response.GetReplaces()) > 0 {
				t.Errorf("got %v", response)
			}
		})
	}
}

func TestBadPatchFailsThePlan(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)

	for patch, want := range map[string]string{
		"{{ bad\n":                              "1 error occurred:\n\t* : Error loading config patches - decode error: ",
		"/nonexistent":                          "1 error occurred:\n\t* : Error loading config patches - open /nonexistent: no such file",
		`[{"op":"remove","path":"/machine/x"}]`: "not supported for multi-document machine configuration",
	} {
		inputs := plugintest.With(applyInputs(t, plugin, machine), map[string]any{"configPatches": []any{patch}})

		if _, err := plugin.create(applyToken, inputs, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", patch, err)
		}
	}
}

func TestStagedIfNeedingRebootAsksTheMachine(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := plugintest.With(applyInputs(t, plugin, machine), map[string]any{"applyMode": stagedIfNeedingReboot})

	for _, test := range []struct {
		name     string
		answer   machineapi.ApplyConfigurationRequest_Mode
		refusal  error
		resolved string
		warnings int
	}{
		{"reboot", machineapi.ApplyConfigurationRequest_REBOOT, nil, "staged", 1},
		{"no reboot", machineapi.ApplyConfigurationRequest_NO_REBOOT, nil, "auto", 0},
		// Whatever goes wrong may reboot the machine: only a warning says so.
		{"error", machineapi.ApplyConfigurationRequest_NO_REBOOT, refusal(codes.Unavailable, "away"), "auto", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := len(plugin.engine.Lines())
			machine.dryRun = test.answer

			if test.refusal != nil {
				machine.refuse(test.refusal)
			}

			state, err := plugin.create(applyToken, inputs, true)
			if err != nil || state[resolvedModeKey].StringValue() != test.resolved {
				t.Errorf("got %v, %v", state[resolvedModeKey], err)
			}

			if got := len(plugin.engine.Lines()) - before; got != test.warnings {
				t.Errorf("%d warnings: %v", got, plugin.engine.Lines())
			}
		})
	}

	if calls := machine.asked(); !slices.Contains(calls, "stranger apply AUTO dry") {
		t.Errorf("calls %v", calls)
	}
}

func TestCheckRefuses(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := applyInputs(t, plugin, machine)

	for name, test := range map[string]struct {
		change map[string]any
		want   string
	}{
		"no node":       {map[string]any{"node": nil}, "Missing required property 'node'"},
		"mode":          {map[string]any{"applyMode": "nonsense"}, "Examine values at 'r.applyMode'"},
		"timeout":       {map[string]any{"timeouts": map[string]any{"create": "soon"}}, "Examine values at 'r.timeouts.create'"},
		"part of flags": {map[string]any{"onDestroy": map[string]any{"reset": true}}, "Received null value"},
		"no client":     {map[string]any{"clientConfiguration": nil}, "Missing client configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			response, err := plugin.Check(t.Context(), &pulumirpc.CheckRequest{
				Urn: urn(applyToken), News: plugintest.Wire(t, plugintest.With(inputs, test.change)),
			})

			said := ""
			if err != nil {
				said = err.Error()
			}

			for _, failure := range response.GetFailures() {
				said += failure.GetReason()
			}

			if !strings.Contains(said, test.want) {
				t.Errorf("said %q", said)
			}
		})
	}
}
