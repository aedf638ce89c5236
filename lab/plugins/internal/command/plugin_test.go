package command

import (
	"context"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	provider "github.com/pulumi/pulumi-go-provider"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/plugintest"
)

const urn = "urn:pulumi:dev::p::command:local:Command::c"

type plugin struct {
	pulumirpc.ResourceProviderServer
	t      *testing.T
	engine *plugintest.Engine
}

func start(t *testing.T) plugin {
	t.Helper()

	engine, host := plugintest.StartEngine(t)

	server, err := provider.RawServer("command", Version, New())(host)
	if err != nil {
		t.Fatal(err)
	}

	return plugin{ResourceProviderServer: server, t: t, engine: engine}
}

func (p plugin) create(inputs resource.PropertyMap, preview bool) (resource.PropertyMap, error) {
	p.t.Helper()

	response, err := p.Create(p.t.Context(), &pulumirpc.CreateRequest{
		Urn: urn, Name: "c", Type: "command:local:Command", Properties: plugintest.Wire(p.t, inputs), Preview: preview,
	})
	if err != nil {
		return nil, err
	}

	return plugintest.Read(p.t, response.GetProperties()), nil
}

func (p plugin) update(state, inputs resource.PropertyMap) (resource.PropertyMap, error) {
	p.t.Helper()

	response, err := p.Update(p.t.Context(), &pulumirpc.UpdateRequest{
		Urn: urn, Id: "c1", Olds: plugintest.Wire(p.t, state), News: plugintest.Wire(p.t, inputs),
	})
	if err != nil {
		return nil, err
	}

	return plugintest.Read(p.t, response.GetProperties()), nil
}

func inputs(create string, more map[string]any) resource.PropertyMap {
	return plugintest.With(plugintest.Properties(map[string]any{"create": create}), more)
}

func TestCreateRunsWithEnvironmentStdinAndDirectory(t *testing.T) {
	plugin := start(t)

	state, err := plugin.create(inputs("cat; echo $WORD; pwd; echo bad >&2; echo", map[string]any{
		"stdin": "in\n", "environment": map[string]any{"WORD": "w"}, "dir": "/",
	}), false)
	if err != nil {
		t.Fatal(err)
	}

	// One newline is trimmed, no more.
	if got, want := state["stdout"].StringValue(), "in\nw\n/\n"; got != want {
		t.Errorf("stdout %q, want %q", got, want)
	}

	if got := state["stderr"].StringValue(); got != "bad" {
		t.Errorf("stderr %q", got)
	}
}

func TestPreviewRunsNothing(t *testing.T) {
	plugin := start(t)

	state, err := plugin.create(inputs("echo x > "+t.TempDir()+"/ran; exit 1", nil), true)
	if err != nil {
		t.Fatal(err)
	}

	if !state["stdout"].IsComputed() || !state["stderr"].IsComputed() {
		t.Errorf("outputs of a preview are unknown, got %v", state)
	}
}

// What a command prints is plain even when its input is secret: no step may print one.
func TestSecretInputStaysSecretAndOutputsStayPlain(t *testing.T) {
	state, err := start(t).create(inputs("cat", map[string]any{
		"stdin": resource.MakeSecret(resource.NewStringProperty("s")),
	}), false)
	if err != nil {
		t.Fatal(err)
	}

	if !state["stdin"].IsSecret() || !state["stdout"].IsString() || state["stdout"].StringValue() != "s" {
		t.Errorf("got %v", state)
	}
}

func TestFailureTellsWhatWasSaid(t *testing.T) {
	plugin := start(t)

	_, err := plugin.create(inputs("echo out; exit 3", nil), false)
	if err == nil || !strings.Contains(err.Error(), "exit status 3: running \"echo out; exit 3\":\nout\n") {
		t.Errorf("error %v", err)
	}
}

func TestUpdateTakesPreviousOutput(t *testing.T) {
	state := inputs("true", map[string]any{"stdout": "before", "stderr": ""})
	update := map[string]any{"update": "echo [$PULUMI_COMMAND_STDOUT]"}

	for _, test := range []struct {
		name, want string
		more       map[string]any
	}{
		{"update", "[before]", update},
		{"no update runs create", "created", nil},
		{"left out", "[]", map[string]any{"update": update["update"], "addPreviousOutputInEnv": false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			updated, err := start(t).update(state, inputs("echo created", test.more))
			if err != nil || updated["stdout"].StringValue() != test.want {
				t.Errorf("got %v, %v", updated, err)
			}
		})
	}
}

func TestLongPreviousOutputBreaksTheNextRun(t *testing.T) {
	long := strings.Repeat("x", 200*1024)

	_, err := start(t).update(inputs("true", map[string]any{"stdout": long, "stderr": ""}), inputs("echo y", nil))
	if err == nil || !strings.Contains(err.Error(), "argument list too long") {
		t.Errorf("error %v", err)
	}
}

func TestLogging(t *testing.T) {
	for logging, want := range map[string]string{
		"": "err out", "stdout": "out", "stderr": "err", "stdoutAndStderr": "err out", "none": "",
	} {
		t.Run(logging, func(t *testing.T) {
			plugin := start(t)

			more := map[string]any{}
			if logging != "" {
				more["logging"] = logging
			}

			if _, err := plugin.create(inputs("echo err >&2; sleep 0.1; echo out", more), false); err != nil {
				t.Fatal(err)
			}

			var said []string

			for _, line := range plugin.engine.Lines() {
				if !line.Status || line.Severity != pulumirpc.LogSeverity_INFO {
					t.Errorf("line %+v is no status line", line)
				}

				said = append(said, line.Text)
			}

			if got := strings.Join(said, " "); got != want {
				t.Errorf("showed %q, want %q", got, want)
			}
		})
	}
}

// A line over 64 KiB that is shown hangs for ever, as in the real plugin; the same line not shown is fine.
func TestLongLine(t *testing.T) {
	command := "head -c 70000 /dev/zero | tr '\\0' x; echo"

	if _, err := start(t).create(inputs(command, map[string]any{"logging": "none"}), false); err != nil {
		t.Fatal(err)
	}

	plugin, ended := start(t), make(chan struct{})

	go func() {
		defer close(ended)

		_, _ = plugin.ResourceProviderServer.Create(context.Background(), &pulumirpc.CreateRequest{
			Urn: urn, Name: "c", Type: "command:local:Command", Properties: plugintest.Wire(t, inputs(command, nil)),
		})
	}()

	select {
	case <-ended:
		t.Error("a shown line over 64 KiB should hang")
	case <-time.After(time.Second):
	}
}
