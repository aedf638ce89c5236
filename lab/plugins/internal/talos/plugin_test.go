package talos

import (
	"sync"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
	"talos-cluster/lab/plugins/internal/plugintest"
)

const (
	secretsToken   = "talos:machine/secrets:Secrets"
	applyToken     = "talos:machine/configurationApply:ConfigurationApply"
	bootstrapToken = "talos:machine/bootstrap:Bootstrap"
	kubeToken      = "talos:cluster/kubeconfig:Kubeconfig"
	schematicToken = "talos:imageFactory/schematic:Schematic"
	configToken    = "talos:machine/getConfiguration:getConfiguration"
)

// plugin is the served plugin with an engine beside it.
type plugin struct {
	*bridge.Server
	t      *testing.T
	engine *plugintest.Engine
}

func start(t *testing.T) plugin {
	t.Helper()

	engine, host := plugintest.StartEngine(t)
	server := bridge.NewServer(Options(host))

	_, err := server.Configure(t.Context(), &pulumirpc.ConfigureRequest{AcceptSecrets: true, AcceptResources: true})
	if err != nil {
		t.Fatal(err)
	}

	return plugin{Server: server, t: t, engine: engine}
}

func urn(token string) string { return "urn:pulumi:dev::p::" + token + "::r" }

func (p plugin) create(token string, inputs resource.PropertyMap, preview bool) (resource.PropertyMap, error) {
	p.t.Helper()

	response, err := p.Create(p.t.Context(), &pulumirpc.CreateRequest{
		Urn: urn(token), Properties: plugintest.Wire(p.t, inputs), Preview: preview,
	})
	if err != nil {
		return nil, err
	}

	return plugintest.Read(p.t, response.GetProperties()), nil
}

func (p plugin) mustCreate(token string, inputs resource.PropertyMap) resource.PropertyMap {
	p.t.Helper()

	state, err := p.create(token, inputs, false)
	if err != nil {
		p.t.Fatal(err)
	}

	return state
}

func (p plugin) update(token string, state, inputs resource.PropertyMap, preview bool) (resource.PropertyMap, error) {
	p.t.Helper()

	response, err := p.Update(p.t.Context(), &pulumirpc.UpdateRequest{
		Urn: urn(token), Olds: plugintest.Wire(p.t, state), News: plugintest.Wire(p.t, inputs), Preview: preview,
	})
	if err != nil {
		return nil, err
	}

	return plugintest.Read(p.t, response.GetProperties()), nil
}

func (p plugin) diff(token string, state, inputs resource.PropertyMap, ignored ...string) *pulumirpc.DiffResponse {
	p.t.Helper()

	response, err := p.Diff(p.t.Context(), &pulumirpc.DiffRequest{
		Urn: urn(token), Olds: plugintest.Wire(p.t, state), News: plugintest.Wire(p.t, inputs), IgnoreChanges: ignored,
	})
	if err != nil {
		p.t.Fatal(err)
	}

	return response
}

func (p plugin) invoke(token string, arguments resource.PropertyMap) (resource.PropertyMap, *pulumirpc.InvokeResponse, error) {
	p.t.Helper()

	response, err := p.Invoke(p.t.Context(), &pulumirpc.InvokeRequest{Tok: token, Args: plugintest.Wire(p.t, arguments)})
	if err != nil {
		return nil, nil, err
	}

	return plugintest.Read(p.t, response.GetReturn()), response, nil
}

// cluster is the state of a Secrets, made once: it holds a large RSA key.
var cluster = sync.OnceValue(func() resource.PropertyMap {
	planned := resource.PropertyMap{talosVersionKey: resource.NewStringProperty("v1.12")}
	state, _ := secretsResource{}.Create(nil, &bridge.Plan{Planned: planned}) //nolint:staticcheck // no context is needed

	return state
})

// rendered is a controller's base configuration of the cluster.
func rendered(t *testing.T, p plugin) resource.PropertyValue {
	t.Helper()

	result, _, err := p.invoke(configToken, configurationArguments())
	if err != nil {
		t.Fatal(err)
	}

	return result[renderedKey]
}

func configurationArguments() resource.PropertyMap {
	return plugintest.Properties(map[string]any{
		"clusterName": "lab", "clusterEndpoint": "https://127.0.0.1:6443", "machineType": "controlplane",
		"machineSecrets": cluster()[machineSecretsKey], "talosVersion": "v1.12", "kubernetesVersion": "v1.35.0",
	})
}

// applyInputs are what a program gives to configure a machine.
func applyInputs(t *testing.T, p plugin, machine *fakeMachine) resource.PropertyMap {
	t.Helper()

	return plugintest.Properties(map[string]any{
		"node": "127.0.0.1", "endpoint": machine.address,
		"clientConfiguration":       cluster()[clientKey],
		"machineConfigurationInput": rendered(t, p),
		"configPatches":             []any{"machine:\n  install:\n    disk: /dev/vda\n"},
	})
}

// stored is a state as the engine hands it back to a plugin that takes no secrets.
func stored(state resource.PropertyMap) resource.PropertyMap {
	return plugintest.Plain(resource.NewObjectProperty(state)).ObjectValue()
}
