package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	"google.golang.org/protobuf/types/known/structpb"
)

func TestParseOptions(t *testing.T) {
	defaults := options{typescript: true, packageManager: npm.AutoPackageManager}
	tests := map[string]struct {
		raw  map[string]any
		want func(options) options
	}{
		"defaults":              {nil, func(o options) options { return o }},
		"typescript off":        {map[string]any{"typescript": false}, func(o options) options { o.typescript = false; return o }},
		"tsconfig":              {map[string]any{"tsconfig": "a.json"}, func(o options) options { o.tsconfig = "a.json"; return o }},
		"package manager":       {map[string]any{"packagemanager": "npm"}, func(o options) options { o.packageManager = npm.NpmPackageManager; return o }},
		"unknown ones are left": {map[string]any{"tsx": true}, func(o options) options { return o }},
		"node arguments, quoted": {
			map[string]any{"nodeargs": `--import tsx --title "a b"`},
			func(o options) options { o.nodeArguments = []string{"--import", "tsx", "--title", "a b"}; return o },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			raw, err := structpb.NewStruct(test.raw)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parseOptions(raw)
			if err != nil {
				t.Fatal(err)
			}
			if want := test.want(defaults); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestParseOptionsRefuses(t *testing.T) {
	tests := map[string]struct {
		raw  map[string]any
		want string
	}{
		"typescript as text":      {map[string]any{"typescript": "no"}, "runtime.options.typescript: no is no boolean"},
		"node arguments as list":  {map[string]any{"nodeargs": []any{"--x"}}, "runtime.options.nodeargs: [--x] is no string"},
		"an open quote":           {map[string]any{"nodeargs": `--title "a`}, "cannot be split into arguments"},
		"unknown package manager": {map[string]any{"packagemanager": "apt"}, `"apt" is unknown`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			raw, err := structpb.NewStruct(test.raw)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parseOptions(raw); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
