package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func TestRunArguments(t *testing.T) {
	req := &pulumirpc.RunRequest{
		Project: "p", Stack: "s", Organization: "o", MonitorAddress: "m:1", DryRun: true, Parallel: 8,
		Args: []string{"--own", "argument"},
		Info: &pulumirpc.ProgramInfo{RootDirectory: "/r", ProgramDirectory: "/r/d", EntryPoint: "index.ts"},
	}
	want := strings.Fields("run.js --monitor m:1 --engine e:2 --organization o --project p --root-directory /r " +
		"--stack s --pwd /r/d --dry-run --parallel 8 --tracing t index.ts --own argument")
	if got := runArguments(req, "run.js", "e:2", "t"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	got := runArguments(&pulumirpc.RunRequest{}, "run.js", "", "")
	if want := []string{"run.js", "--parallel", "0", "."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRunEnvironment(t *testing.T) {
	t.Setenv("INHERITED", "yes")
	req := &pulumirpc.RunRequest{
		Config:           map[string]string{"p:a": "1", "p:config:b": "2"},
		ConfigSecretKeys: []string{"p:b"},
	}
	environment, err := runEnvironment(req, options{typescript: true, tsconfig: "t.json"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"INHERITED=yes", `PULUMI_CONFIG={"p:config:a":"1","p:config:b":"2"}`, `PULUMI_CONFIG_SECRET_KEYS=["p:b"]`,
		"PULUMI_NODEJS_TYPESCRIPT=true", "PULUMI_NODEJS_TSCONFIG_PATH=t.json",
	} {
		if !slices.Contains(environment, want) {
			t.Errorf("%s is missing", want)
		}
	}

	environment, err = runEnvironment(&pulumirpc.RunRequest{}, options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PULUMI_CONFIG={}", "PULUMI_CONFIG_SECRET_KEYS=[]"} {
		if !slices.Contains(environment, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if slices.ContainsFunc(environment, func(v string) bool { return strings.HasPrefix(v, "PULUMI_NODEJS_TYPESCRIPT") }) {
		t.Error("typescript is on although it is switched off")
	}

	if _, err := runEnvironment(&pulumirpc.RunRequest{Config: map[string]string{"bare": ""}}, options{}); err == nil {
		t.Error("a key without a namespace was taken")
	}
}

func TestFindRunScript(t *testing.T) {
	script := "node_modules/@pulumi/pulumi/cmd/run/index.js"
	root := writeFiles(t, map[string]string{script: "", "packages/program/index.ts": ""})
	got, err := findRunScript(filepath.Join(root, "packages", "program"))
	if want := filepath.Join(root, script); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}

	if _, err := findRunScript(t.TempDir()); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("got %v, want what to run", err)
	}
}
