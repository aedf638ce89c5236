package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// manifest is the part of a package.json that says which plugin the package is a client of.
type manifest struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Pulumi  struct {
		Resource         bool              `json:"resource"`
		Name             string            `json:"name"`
		Version          string            `json:"version"`
		Server           string            `json:"server"`
		Parameterization *parameterization `json:"parameterization"`
	} `json:"pulumi"`
}

type parameterization struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Value   []byte `json:"value"`
}

// GetRequiredPackages lists the plugins that the packages installed for a program are clients of.
func (h *host) GetRequiredPackages(
	_ context.Context, req *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	finder := packageFinder{visited: map[string]bool{}}
	finder.searchModules(filepath.Join(req.GetInfo().GetProgramDirectory(), "node_modules"))
	for _, problem := range finder.problems {
		fmt.Fprintln(os.Stderr, problem)
	}
	return &pulumirpc.GetRequiredPackagesResponse{Packages: finder.found}, nil
}

// packageFinder walks node_modules and nothing else: the official host walks the whole project, and a lab's
// state or a checkout's history beside the program costs it seconds.
type packageFinder struct {
	visited  map[string]bool
	found    []*pulumirpc.PackageDependency
	problems []string
}

// searchModules looks at every package of one node_modules directory; one that is missing holds none.
func (f *packageFinder) searchModules(directory string) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return
	}
	for _, entry := range entries {
		path := filepath.Join(directory, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case strings.HasPrefix(entry.Name(), "@"):
			f.searchModules(path)
		default:
			f.searchPackage(path)
		}
	}
}

func (f *packageFinder) searchPackage(directory string) {
	// A `file:` dependency is a link out of node_modules, maybe back to a package already seen.
	resolved, err := filepath.EvalSymlinks(directory)
	if err != nil || f.visited[resolved] {
		return
	}
	f.visited[resolved] = true

	path := filepath.Join(resolved, "package.json")
	contents, err := os.ReadFile(path)
	if err != nil {
		return
	}
	dependency, err := readDependency(contents)
	if err != nil {
		f.problems = append(f.problems, fmt.Sprintf("%s: %v", path, err))
	} else if dependency != nil {
		f.found = append(f.found, dependency)
	}
	f.searchModules(filepath.Join(resolved, "node_modules"))
}

// readDependency returns the plugin a package.json names, or nil when the package is no client of one.
func readDependency(contents []byte) (*pulumirpc.PackageDependency, error) {
	// Test fixtures and stubs inside packages are often no valid manifests; only one that names a plugin matters.
	var read manifest
	if err := json.Unmarshal(contents, &read); err != nil || !read.Pulumi.Resource {
		return nil, nil //nolint:nilerr
	}

	name, err := read.pluginName()
	if err != nil {
		return nil, err
	}
	version := read.Pulumi.Version
	if version == "" {
		version = read.Version
	}
	if version == "" {
		return nil, fmt.Errorf("no version of the plugin %s. Set pulumi.version or version", name)
	}

	dependency := &pulumirpc.PackageDependency{
		Name:    name,
		Kind:    "resource",
		Version: "v" + strings.TrimPrefix(version, "v"),
		Server:  read.Pulumi.Server,
	}
	if p := read.Pulumi.Parameterization; p != nil {
		dependency.Parameterization = &pulumirpc.PackageParameterization{Name: p.Name, Version: p.Version, Value: p.Value}
	}
	return dependency, nil
}

func (m manifest) pluginName() (string, error) {
	if m.Pulumi.Name != "" {
		return m.Pulumi.Name, nil
	}
	if name, official := strings.CutPrefix(m.Name, "@pulumi/"); official {
		return name, nil
	}
	return "", fmt.Errorf("%q names no plugin. Set pulumi.name", m.Name)
}
