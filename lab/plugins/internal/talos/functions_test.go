package talos

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"talos-cluster/lab/plugins/internal/plugintest"
)

func TestConfigurationIsPlainAndRepeatable(t *testing.T) {
	plugin := start(t)
	first := rendered(t, plugin)

	if first.IsSecret() || !first.DeepEquals(rendered(t, plugin)) {
		t.Error("the same arguments must give the same plain text")
	}

	text := first.StringValue()
	for _, want := range []string{
		"image: ghcr.io/siderolabs/installer:v1.13.0", "disk: /dev/sda", "kubelet:v1.35.0", "kind: HostnameConfig", "clusterName: lab",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in it", want)
		}
	}
}

func TestConfigurationDefaults(t *testing.T) {
	result, _, err := start(t).invoke(configToken, plugintest.With(configurationArguments(), map[string]any{
		"talosVersion": nil, "kubernetesVersion": nil,
	}))
	if err != nil || result[talosVersionKey].StringValue() != "v1.13" || result[kubernetesVersionKey].StringValue() != "1.36.0" {
		t.Errorf("got %v %v, %v", result[talosVersionKey], result[kubernetesVersionKey], err)
	}
}

func TestFunctionsRefuse(t *testing.T) {
	plugin := start(t)

	for name, test := range map[string]struct {
		change map[string]any
		want   string
	}{
		"endpoint":        {map[string]any{"clusterEndpoint": "127.0.0.1"}, "no scheme and port specified"},
		"http":            {map[string]any{"clusterEndpoint": "http://127.0.0.1"}, "should have scheme https://"},
		"type":            {map[string]any{"machineType": "nonsense"}, `machineType: Invalid Attribute Value Match`},
		"patch":           {map[string]any{"configPatches": []any{"{{ bad\n"}}, "config_patches are invalid"},
		"missing":         {map[string]any{"machineSecrets": nil}, "machineSecrets: Missing Configuration for Required Attribute"},
		"unknown secrets": {map[string]any{"machineSecrets": plugintest.Unknown()}, "machineSecrets: Value Conversion Error"},
	} {
		t.Run(name, func(t *testing.T) {
			_, response, err := plugin.invoke(configToken, plugintest.With(configurationArguments(), test.change))

			said := ""
			if err != nil {
				said = err.Error()
			}

			for _, failure := range response.GetFailures() {
				said += failure.GetProperty() + ": " + failure.GetReason()
			}

			if !strings.Contains(said, test.want) {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestTalosconfig(t *testing.T) {
	result, _, err := start(t).invoke("talos:client/getConfiguration:getConfiguration", plugintest.Properties(map[string]any{
		"clusterName": "lab", "clientConfiguration": cluster()[clientKey], "endpoints": []any{"127.0.0.11"},
	}))
	if err != nil {
		t.Fatal(err)
	}

	if text := result[talosConfigKey].StringValue(); !strings.HasPrefix(text, "context: lab\n") || !strings.Contains(text, "- 127.0.0.11") {
		t.Error("not the talosconfig of the cluster")
	}
}

func TestURLs(t *testing.T) {
	plugin := start(t)
	token := "talos:imageFactory/getUrls:getUrls"

	result, _, err := plugin.invoke(token, plugintest.Properties(map[string]any{
		"schematicId": "abc", "talosVersion": "1.12.0", "platform": "metal",
	}))
	if err != nil {
		t.Fatal(err)
	}

	urls := result["urls"].ObjectValue()
	if got := urls["installer"].StringValue(); got != "factory.talos.dev/metal-installer/abc:v1.12.0" {
		t.Errorf("installer %s", got)
	}

	_, response, err := plugin.invoke(token, plugintest.Properties(map[string]any{"schematicId": "abc", "talosVersion": "1.12.0"}))
	if err != nil || len(response.GetFailures()) != 2 {
		t.Errorf("without platform and board: %v, %v", response, err)
	}
}

func TestSchematicIDs(t *testing.T) {
	plugin := start(t)

	for text, id := range map[string]string{
		"":                    "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
		"customization: {}\n": "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
		// A field the client does not know vanishes, and the id is that of the plain image.
		"customization:\n  systemExtension: x\n": "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
	} {
		state := plugin.mustCreate(schematicToken, plugintest.Properties(map[string]any{"schematic": text}))
		if got := state["id"].StringValue(); got != id {
			t.Errorf("%q: id %s", text, got)
		}
	}
}

func TestSchematicIsPostedToANamedFactory(t *testing.T) {
	posted := ""
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		posted = request.URL.Path + " " + string(body)

		if strings.Contains(posted, "refused") {
			writer.WriteHeader(http.StatusBadRequest)
		}

		_, _ = writer.Write([]byte(`{"id":"registered"}`))
	}))
	t.Cleanup(server.Close)

	plugin := start(t)

	_, err := plugin.Configure(t.Context(), &pulumirpc.ConfigureRequest{
		Args: plugintest.Wire(t, plugintest.Properties(map[string]any{"imageFactoryUrl": server.URL})),
	})
	if err != nil {
		t.Fatal(err)
	}

	extensions := func(name string) string {
		return "customization:\n    systemExtensions:\n        officialExtensions:\n            - " + name + "\n"
	}

	state := plugin.mustCreate(schematicToken, plugintest.Properties(map[string]any{"schematic": extensions("a/b")}))
	if state["id"].StringValue() != "registered" || posted != "/schematics "+extensions("a/b") {
		t.Errorf("id %v, posted %q", state["id"], posted)
	}

	_, err = plugin.create(schematicToken, plugintest.Properties(map[string]any{"schematic": extensions("refused")}), false)
	if err == nil || !strings.HasPrefix(err.Error(), "failed to create schematic: invalid schematic: HTTP 400: ") {
		t.Errorf("error %v", err)
	}
}
