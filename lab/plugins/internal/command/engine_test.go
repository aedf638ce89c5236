package command

import (
	"slices"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/plugintest"
)

// A changed element of triggers is an update in place; only adding or removing the whole list replaces.
func TestDiff(t *testing.T) {
	one := map[string]any{"triggers": []any{"1"}}

	for _, test := range []struct {
		name     string
		old, new map[string]any
		diffs    []string
		replaces bool
	}{
		{"same", one, one, nil, false},
		{"environment", nil, map[string]any{"environment": map[string]any{"A": "b"}}, []string{"environment"}, false},
		{"element", one, map[string]any{"triggers": []any{"2"}}, []string{"triggers"}, false},
		{"added", nil, one, []string{"triggers"}, true},
		{"removed", one, nil, []string{"triggers"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			old := inputs("echo a", test.old)

			response, err := start(t).Diff(t.Context(), &pulumirpc.DiffRequest{
				Urn: urn, Id: "c1", OldInputs: plugintest.Wire(t, old),
				Olds: plugintest.Wire(t, plugintest.With(old, map[string]any{"stdout": "a", "stderr": ""})),
				News: plugintest.Wire(t, inputs("echo a", test.new)),
			})
			if err != nil {
				t.Fatal(err)
			}

			if !slices.Equal(response.GetDiffs(), test.diffs) || len(response.GetReplaces()) > 0 != test.replaces {
				t.Errorf("got %v", response)
			}
		})
	}
}

func TestCheckRefusesWhatTheSchemaDoesNotKnow(t *testing.T) {
	response, err := start(t).Check(t.Context(), &pulumirpc.CheckRequest{
		Urn: urn, News: plugintest.Wire(t, inputs("true", map[string]any{"create": 5})),
	})
	if err != nil {
		t.Fatal(err)
	}

	if len(response.GetFailures()) != 1 || response.GetFailures()[0].GetProperty() != "create" {
		t.Errorf("failures %v", response.GetFailures())
	}
}

func TestRunFunction(t *testing.T) {
	response, err := start(t).Invoke(t.Context(), &pulumirpc.InvokeRequest{
		Tok: "command:local:run", Args: plugintest.Wire(t, plugintest.Properties(map[string]any{"command": "cat", "stdin": "x\n"})),
	})
	if err != nil {
		t.Fatal(err)
	}

	if got := plugintest.Read(t, response.GetReturn())["stdout"].StringValue(); got != "x" {
		t.Errorf("stdout %q", got)
	}
}

func TestDeleteRunsDelete(t *testing.T) {
	plugin := start(t)

	for command, fails := range map[string]bool{"exit 0": false, "exit 4": true} {
		_, err := plugin.Delete(t.Context(), &pulumirpc.DeleteRequest{
			Urn: urn, Id: "c1",
			Properties: plugintest.Wire(t, inputs("true", map[string]any{"delete": command, "stdout": "", "stderr": ""})),
		})
		if (err != nil) != fails {
			t.Errorf("%s: %v", command, err)
		}
	}
}

// A cancelled update kills the process at once: a shell has no time for its trap.
func TestCancelKills(t *testing.T) {
	plugin := start(t)

	go func() {
		time.Sleep(200 * time.Millisecond)

		_, _ = plugin.Cancel(t.Context(), &emptypb.Empty{})
	}()

	began := time.Now()

	_, err := plugin.create(inputs("trap 'sleep 5' TERM; exec sleep 5", nil), false)
	if err == nil || time.Since(began) > 3*time.Second {
		t.Errorf("ended after %s with %v", time.Since(began), err)
	}
}

func TestAssetsAreRefused(t *testing.T) {
	_, err := start(t).create(inputs("true", map[string]any{"assetPaths": []any{"*"}}), false)
	if err == nil {
		t.Error("assetPaths must not be taken for done")
	}
}

func TestUnknownInputLeavesOutputsUnknown(t *testing.T) {
	state, err := start(t).create(inputs("true", map[string]any{
		"environment": resource.NewObjectProperty(resource.PropertyMap{"A": plugintest.Unknown()}),
	}), true)
	if err != nil || !state["stdout"].IsComputed() {
		t.Errorf("got %v, %v", state, err)
	}
}
