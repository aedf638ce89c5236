package talos

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/plugintest"
)

func TestApplyAsksWithoutVerificationFirst(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	state := plugin.mustCreate(applyToken, applyInputs(t, plugin, machine))

	if calls := machine.asked(); !slices.Equal(calls, []string{"stranger disks", "stranger apply AUTO"}) {
		t.Errorf("calls %v", calls)
	}

	if string(machine.applied) != stored(state)[renderedKey].StringValue() {
		t.Error("what was applied is not what the state says")
	}

	if state["id"].StringValue() != "machine_configuration_apply" || state["__meta"].StringValue() != `{"schema_version":"1"}` {
		t.Errorf("state %v", state)
	}
}

func TestConfiguredMachineIsAskedWithTheClientCertificate(t *testing.T) {
	plugin, machine := start(t), startMachine(t, false)

	// Its certificate is not of our CA: the plugin gives up only when its time is over.
	limits := map[string]any{"create": "700ms", "update": "1s", "delete": "1s"}
	inputs := plugintest.With(applyInputs(t, plugin, machine), map[string]any{"timeouts": limits})

	_, err := plugin.create(applyToken, inputs, false)
	if err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority") {
		t.Errorf("error %v", err)
	}
}

func TestRetry(t *testing.T) {
	for _, test := range []struct {
		name     string
		refusals []error
		calls    int
		fails    string
	}{
		{"invalid argument ends it", []error{refusal(codes.InvalidArgument, "bad")}, 1, "Error applying configuration: rpc error: code = InvalidArgument desc = bad"},
		{"others do not", []error{refusal(codes.Unimplemented, "a"), refusal(codes.PermissionDenied, "b")}, 3, ""},
		{"until the time is up", slices.Repeat([]error{refusal(codes.AlreadyExists, "there")}, 9), 2, "AlreadyExists desc = there"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			plugin, machine := start(t), startMachine(t, true)
			inputs := applyInputs(t, plugin, machine)
			machine.refuse(test.refusals...)

			if len(test.refusals) > 2 {
				limits := map[string]any{"create": "1s", "update": "1s", "delete": "1s"}
				inputs = plugintest.With(inputs, map[string]any{"timeouts": limits})
			}

			_, err := plugin.create(applyToken, inputs, false)
			if (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
				t.Errorf("error %v", err)
			}

			if calls := machine.asked(); len(calls) != 2*test.calls {
				t.Errorf("%d tries, want %d", len(calls)/2, test.calls)
			}
		})
	}
}

// A fault of the real plugin: the machine is configured, then the operation fails.
func TestPartOfTheTimeoutsFailsAfterTheApply(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := plugintest.With(applyInputs(t, plugin, machine), map[string]any{"timeouts": map[string]any{"create": "1m"}})

	_, err := plugin.create(applyToken, inputs, false)
	if err == nil || !strings.Contains(err.Error(), "byte-for-byte") || machine.applied == nil {
		t.Errorf("error %v", err)
	}
}

func TestUpdateApplies(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := applyInputs(t, plugin, machine)
	state := stored(plugin.mustCreate(applyToken, inputs))
	machine.asked()

	_, err := plugin.update(applyToken, state, plugintest.With(inputs, map[string]any{"applyMode": "no_reboot"}), false)
	if err != nil {
		t.Fatal(err)
	}

	if calls := machine.asked(); !slices.Equal(calls, []string{"stranger disks", "stranger apply NO_REBOOT"}) {
		t.Errorf("calls %v", calls)
	}
}

func TestReadAndDeleteTouchNothing(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := applyInputs(t, plugin, machine)
	state := plugin.mustCreate(applyToken, inputs)
	machine.asked()

	response, err := plugin.Read(t.Context(), &pulumirpc.ReadRequest{
		Urn: urn(applyToken), Id: "x", Properties: plugintest.Wire(t, stored(state)), Inputs: plugintest.Wire(t, inputs),
	})
	if err != nil {
		t.Fatal(err)
	}

	read := stored(plugintest.Read(t, response.GetProperties()))
	if !resource.NewObjectProperty(read).DeepEquals(resource.NewObjectProperty(stored(state))) {
		t.Error("a refresh changed the state")
	}

	if got := stored(plugintest.Read(t, response.GetInputs())); !got.DeepEquals(stored(inputs)) {
		t.Errorf("inputs %v", got.StableKeys())
	}

	_, err = plugin.Delete(t.Context(), &pulumirpc.DeleteRequest{
		Urn: urn(applyToken), Id: "x", Properties: plugintest.Wire(t, stored(state)),
	})
	if calls := machine.asked(); err != nil || len(calls) > 0 {
		t.Errorf("calls %v, %v", calls, err)
	}
}

func TestBootstrapOnlyOnCreate(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	inputs := plugintest.Properties(map[string]any{
		"node": "127.0.0.1", "endpoint": machine.address, "clientConfiguration": cluster()[clientKey],
	})
	state := stored(plugin.mustCreate(bootstrapToken, inputs))

	_, err := plugin.update(bootstrapToken, state, plugintest.With(inputs, map[string]any{"node": "127.0.0.2"}), false)
	if calls := machine.asked(); err != nil || !slices.Equal(calls, []string{"stranger disks", "stranger bootstrap"}) {
		t.Errorf("calls %v, %v", calls, err)
	}
}

func TestKubeconfigIsFetchedAgainOnlyNearItsEnd(t *testing.T) {
	plugin, machine := start(t), startMachine(t, true)
	machine.content = fmt.Sprintf(`current-context: admin@lab
contexts: [{name: admin@lab, context: {cluster: lab, user: admin@lab}}]
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: Y2E=}}]
users: [{name: admin@lab, user: {client-certificate-data: %s, client-key-data: a2V5}}]
`, certificateText(t, 100*24*time.Hour))
	inputs := plugintest.Properties(map[string]any{
		"node": "127.0.0.1", "endpoint": machine.address, "clientConfiguration": cluster()[clientKey],
	})

	state := plugin.mustCreate(kubeToken, inputs)
	if !state[kubeconfigRawKey].IsSecret() || state["id"].StringValue() != "lab" {
		t.Errorf("state %v", state)
	}

	parsed := state[kubernetesClientKey].ObjectValue()
	if !parsed[privateKey].IsSecret() || parsed[hostKey].StringValue() != "https://127.0.0.1:6443" {
		t.Errorf("parsed %v", parsed)
	}

	machine.asked()

	for window, calls := range map[string]int{"720h": 0, "3000h": 2} {
		_, err := plugin.update(kubeToken, stored(state), plugintest.With(inputs, map[string]any{
			"certificateRenewalDuration": window, "node": "127.0.0.2",
		}), false)
		if got := machine.asked(); err != nil || len(got) != calls {
			t.Errorf("window %s: %v, %v", window, got, err)
		}
	}
}
