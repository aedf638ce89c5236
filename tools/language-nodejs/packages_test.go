package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// writeFiles puts files into a fresh directory and returns it.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, contents := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(contents), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestGetRequiredPackages(t *testing.T) {
	root := writeFiles(t, map[string]string{
		"package.json": `{"name":"program","pulumi":{"resource":true,"name":"itself"}}`,
		"node_modules/@pulumi/command/package.json":                             `{"name":"@pulumi/command","version":"1.2.1","pulumi":{"resource":true}}`,
		"node_modules/@pulumi/pulumi/package.json":                              `{"name":"@pulumi/pulumi","version":"3.248.0"}`,
		"node_modules/component/package.json":                                   `{"name":"component"}`,
		"node_modules/component/node_modules/nested/package.json":               `{"name":"nested","version":"v2.0.0","pulumi":{"resource":true,"name":"nested"}}`,
		"node_modules/broken/package.json":                                      `{`,
		"node_modules/.cache/hidden/package.json":                               `{"name":"h","version":"1.0.0","pulumi":{"resource":true,"name":"hidden"}}`,
		"node_modules/component/test/fixtures/node_modules/deeper/package.json": `{"name":"d","version":"1.0.0","pulumi":{"resource":true,"name":"fixture"}}`,
		"sdks/talos/package.json":                                               `{"name":"@pulumiverse/talos","version":"9.9.9","pulumi":{"resource":true,"name":"talos","version":"0.8.1","server":"somewhere"}}`,
	})
	// A `file:` dependency, and a circle as a linked workspace makes one.
	if err := os.MkdirAll(filepath.Join(root, "node_modules", "@pulumiverse"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"@pulumiverse/talos": "../../sdks/talos", "program": ".."} {
		if err := os.Symlink(target, filepath.Join(root, "node_modules", link)); err != nil {
			t.Fatal(err)
		}
	}

	response, err := newHost("", "").GetRequiredPackages(context.Background(), &pulumirpc.GetRequiredPackagesRequest{
		Info: &pulumirpc.ProgramInfo{ProgramDirectory: root},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, found := range response.GetPackages() {
		got = append(got, strings.Join([]string{found.Kind, found.Name, found.Version, found.Server}, " "))
	}
	slices.Sort(got)
	// The program itself has no version: it is reported as a problem, not as a plugin.
	want := []string{"resource command v1.2.1 ", "resource nested v2.0.0 ", "resource talos v0.8.1 somewhere"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadDependency(t *testing.T) {
	tests := map[string]struct{ manifest, want string }{
		"third party without a name": {`{"name":"@someone/thing","version":"1.0.0","pulumi":{"resource":true}}`, `"@someone/thing" names no plugin`},
		"no version at all":          {`{"name":"@pulumi/thing","pulumi":{"resource":true}}`, "no version of the plugin thing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := readDependency([]byte(test.manifest)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}

	parameterized := `{"name":"a","version":"1.0.0","pulumi":{"resource":true,"name":"base",
		"parameterization":{"name":"p","version":"2.0.0","value":"aGk="}}}`
	found, err := readDependency([]byte(parameterized))
	if err != nil {
		t.Fatal(err)
	}
	if p := found.GetParameterization(); p.GetName() != "p" || p.GetVersion() != "2.0.0" || string(p.GetValue()) != "hi" {
		t.Errorf("got %v", p)
	}
}
