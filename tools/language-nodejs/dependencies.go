package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies runs the package manager's install at the root of the program's workspace.
func (h *host) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	opts, err := parseOptions(req.GetInfo().GetOptions())
	if err != nil {
		return err
	}
	streams, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, req.GetIsTerminal())
	if err != nil {
		return err
	}
	defer streams.Close()

	root, err := npm.FindWorkspaceRoot(req.GetInfo().GetProgramDirectory())
	if errors.Is(err, npm.ErrNotInWorkspace) {
		root = req.GetInfo().GetProgramDirectory()
	} else if err != nil {
		return fmt.Errorf("finding the workspace of %s: %w", req.GetInfo().GetProgramDirectory(), err)
	}

	fmt.Fprintf(stdout, "Installing dependencies...\n\n")
	if _, err := npm.Install(server.Context(), opts.packageManager, root, false, stdout, stderr); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Finished installing dependencies\n\n")
	return streams.Close()
}

// GetProgramDependencies lists the packages of the program, for `pulumi about` and the update's metadata.
func (h *host) GetProgramDependencies(
	ctx context.Context, req *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	directory := req.GetInfo().GetProgramDirectory()
	manager, err := packageManager(req.GetInfo())
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(ctx, directory, req.GetTransitiveDependencies())
	if err != nil {
		return nil, fmt.Errorf("listing the dependencies of %s: %w", directory, err)
	}

	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, found := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: found.Name, Version: found.Version})
	}
	return response, nil
}

// About tells which node and which package manager a program gets.
func (h *host) About(ctx context.Context, req *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	manager, err := packageManager(req.GetInfo())
	if err != nil {
		return nil, err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("node is not on PATH. Install Node 20 or newer, then try again")
	}

	// A version that cannot be read is left out: this call only informs.
	nodeVersion, _ := exec.CommandContext(ctx, node, "--version").Output()
	metadata := map[string]string{"packagemanager": manager.Name(), "host": "talos-cluster small language host"}
	if version, err := manager.Version(); err == nil {
		metadata["packagemanagerVersion"] = version.String()
	}
	return &pulumirpc.AboutResponse{
		Executable: node,
		Version:    strings.TrimSpace(string(nodeVersion)),
		Metadata:   metadata,
	}, nil
}

// RuntimeOptionsPrompts asks for the package manager in `pulumi new`, those that are installed first.
func (h *host) RuntimeOptionsPrompts(
	_ context.Context, req *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	if _, chosen := req.GetInfo().GetOptions().GetFields()["packagemanager"]; chosen {
		return &pulumirpc.RuntimeOptionsResponse{}, nil
	}

	return &pulumirpc.RuntimeOptionsResponse{Prompts: []*pulumirpc.RuntimeOptionPrompt{{
		Key:         "packagemanager",
		Description: "The package manager to use for installing dependencies",
		PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
		Choices:     packageManagerChoices("npm", "pnpm", "yarn", "bun"),
		Default:     textValue("npm", "npm"),
	}}}, nil
}

// Template changes nothing: npm's project needs no file beside package.json.
func (h *host) Template(context.Context, *pulumirpc.TemplateRequest) (*pulumirpc.TemplateResponse, error) {
	return &pulumirpc.TemplateResponse{}, nil
}

func packageManager(info *pulumirpc.ProgramInfo) (npm.PackageManager, error) {
	opts, err := parseOptions(info.GetOptions())
	if err != nil {
		return nil, err
	}
	manager, err := npm.ResolvePackageManager(opts.packageManager, info.GetProgramDirectory())
	if err != nil {
		return nil, fmt.Errorf("choosing the package manager of %s: %w", info.GetProgramDirectory(), err)
	}
	return manager, nil
}

func packageManagerChoices(names ...string) []*pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue {
	installed := func(name string) bool {
		_, err := exec.LookPath(name)
		return err == nil
	}
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case installed(a) == installed(b):
			return 0
		case installed(a):
			return -1
		default:
			return 1
		}
	})

	var choices []*pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue
	for _, name := range names {
		display := name
		if !installed(name) {
			display += " [not found]"
		}
		choices = append(choices, textValue(name, display))
	}
	return choices
}

func textValue(value, display string) *pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue {
	return &pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue{
		PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
		StringValue: value,
		DisplayName: display,
	}
}
