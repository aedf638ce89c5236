package talos

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"go.yaml.in/yaml/v4"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/plugintest"
)

func version(text string) resource.PropertyMap {
	return plugintest.Properties(map[string]any{"talosVersion": text})
}

func TestSecretsMarkOnlyLeaves(t *testing.T) {
	state := start(t).mustCreate(secretsToken, version("v1.12"))

	client := state[clientKey].ObjectValue()
	if !client[privateKey].IsSecret() || client[certificateKey].IsSecret() || client[authorityKey].IsSecret() {
		t.Errorf("client configuration %v", client)
	}

	secrets := state[machineSecretsKey].ObjectValue()
	for _, path := range [][]resource.PropertyKey{
		{"cluster", "secret"}, {"secrets", "bootstrapToken"}, {"secrets", "secretboxEncryptionSecret"}, {"trustdinfo", "token"},
	} {
		if !secrets[path[0]].ObjectValue()[path[1]].IsSecret() {
			t.Errorf("%v is plain", path)
		}
	}

	certs := secrets["certs"].ObjectValue()
	for _, name := range []resource.PropertyKey{"etcd", "k8s", "k8sAggregator", "k8sServiceaccount", "os"} {
		if pair := certs[name].ObjectValue(); !pair["key"].IsSecret() || pair["cert"].IsSecret() {
			t.Errorf("%s: %v", name, pair)
		}
	}
}

func TestSecretsPreviewIsUnknown(t *testing.T) {
	state, err := start(t).create(secretsToken, resource.PropertyMap{}, true)
	if err != nil {
		t.Fatal(err)
	}

	// The default version is the plugin's own, and known at once.
	if state[talosVersionKey].StringValue() != "v1.13" {
		t.Errorf("version %v", state[talosVersionKey])
	}

	if !state[clientKey].IsComputed() || !state[machineSecretsKey].IsComputed() {
		t.Errorf("preview %v", state)
	}
}

func TestSecretsDiff(t *testing.T) {
	plugin, state := start(t), cluster()

	for _, test := range []struct {
		name, version string
		ignored       []string
		diffs         []string
		replaces      []string
	}{
		{"same", "v1.12", nil, nil, []string{}},
		// A raised version hides every value behind it: they are all unknown in that preview.
		{"raised", "v1.13", nil, []string{"clientConfiguration", "machineSecrets", "talosVersion"}, []string{}},
		{"lowered", "v1.11", nil, []string{"clientConfiguration", "machineSecrets", "talosVersion"}, []string{"talosVersion"}},
		{"ignored", "v1.13", []string{"talosVersion"}, nil, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := plugin.diff(secretsToken, state, version(test.version), test.ignored...)
			if !slices.Equal(response.GetDiffs(), test.diffs) || !slices.Equal(response.GetReplaces(), test.replaces) {
				t.Errorf("got %v", response)
			}

			if response.GetHasDetailedDiff() {
				t.Error("the bridge gives no detailed diff")
			}
		})
	}
}

func TestSecretsUpdateKeepsSecrets(t *testing.T) {
	state, err := start(t).update(secretsToken, cluster(), version("v1.13"), false)
	if err != nil {
		t.Fatal(err)
	}

	if got := stored(state); got[talosVersionKey].StringValue() != "v1.13" ||
		!got[machineSecretsKey].DeepEquals(cluster()[machineSecretsKey]) || !got[clientKey].DeepEquals(cluster()[clientKey]) {
		t.Error("an update may change the version alone")
	}
}

func TestSecretsRenewTheClientCertificateInItsLastMonth(t *testing.T) {
	plugin := start(t)

	for days, due := range map[int]bool{20: true, 60: false} {
		client := plugintest.With(cluster()[clientKey].ObjectValue(), map[string]any{
			"clientCertificate": certificateText(t, time.Duration(days)*24*time.Hour),
		})
		state := plugintest.With(cluster(), map[string]any{"clientConfiguration": resource.NewObjectProperty(client)})

		if changed := len(plugin.diff(secretsToken, state, version("v1.12")).GetDiffs()) > 0; changed != due {
			t.Errorf("%d days left: due is %v", days, changed)
		}

		updated, err := plugin.update(secretsToken, state, version("v1.12"), false)
		if err != nil {
			t.Fatal(err)
		}

		renewed := !stored(updated)[clientKey].DeepEquals(state[clientKey])
		if renewed != due {
			t.Errorf("%d days left: renewed is %v", days, renewed)
		}
	}
}

func TestSecretsImport(t *testing.T) {
	bundle, err := decodeBundle(cluster()[machineSecretsKey].ObjectValue())
	if err != nil {
		t.Fatal(err)
	}

	file := filepath.Join(t.TempDir(), "secrets.yaml")

	content, err := yaml.Marshal(bundle)
	if err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}

	for id, fails := range map[string]bool{file: false, file + ".missing": true} {
		response, err := start(t).Read(t.Context(), &pulumirpc.ReadRequest{Urn: urn(secretsToken), Id: id})
		if (err != nil) != fails {
			t.Fatalf("%s: %v", id, err)
		}

		if fails {
			continue
		}

		state := stored(plugintest.Read(t, response.GetProperties()))
		if !state[machineSecretsKey].DeepEquals(cluster()[machineSecretsKey]) || state[talosVersionKey].StringValue() != "v1.3" {
			t.Error("the imported secrets are not those of the file")
		}
	}
}

func TestSecretsRefuseAVersionThatIsNone(t *testing.T) {
	_, err := start(t).Check(t.Context(), &pulumirpc.CheckRequest{
		Urn: urn(secretsToken), News: plugintest.Wire(t, version("nonsense")),
	})
	if err == nil || err.Error() != `Invalid version: error parsing version "vnonsense"` {
		t.Errorf("error %v", err)
	}
}
