package talos

import (
	"context"
	"fmt"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/bundle"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	machinetype "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	clusterNameKey       resource.PropertyKey = "clusterName"
	clusterEndpointKey   resource.PropertyKey = "clusterEndpoint"
	machineTypeKey       resource.PropertyKey = "machineType"
	kubernetesVersionKey resource.PropertyKey = "kubernetesVersion"
	docsKey              resource.PropertyKey = "docs"
	examplesKey          resource.PropertyKey = "examples"
)

// configurationFunction renders a role's base configuration, here and now: it runs in a preview too.
type configurationFunction struct{}

func (f configurationFunction) Arguments() bridge.Schema {
	version := optional("talos_version")
	version.Validate = validContract

	name := required("cluster_name")
	name.Validate = nonEmpty("cluster_name")

	kind := required("machine_type")
	kind.Validate = oneOf("machine_type", "controlplane", "worker")

	flag := func(name string) *bridge.Attribute {
		return &bridge.Attribute{Terraform: name, Kind: bridge.Bool, Optional: true}
	}

	return bridge.Schema{
		clusterNameKey:       name,
		clusterEndpointKey:   required("cluster_endpoint"),
		machineSecretsKey:    machineSecrets(required),
		machineTypeKey:       kind,
		patchesKey:           texts(optional("config_patches")),
		kubernetesVersionKey: optional("kubernetes_version"),
		talosVersionKey:      version,
		docsKey:              flag("docs"),
		examplesKey:          flag("examples"),
	}
}

func (f configurationFunction) Validate(arguments resource.PropertyMap) bridge.Diagnostics {
	var diagnostics bridge.Diagnostics

	if endpoint := arguments[clusterEndpointKey]; endpoint.IsString() {
		if err := validEndpoint(endpoint.StringValue()); err != nil {
			diagnostics = append(diagnostics, bridge.Errorf("cluster_endpoint is invalid", "%s", err)...)
		}
	}

	if texts, known := bridge.Texts(arguments, patchesKey); known {
		if _, err := configpatcher.LoadPatches(texts); err != nil {
			diagnostics = append(diagnostics, bridge.Errorf("config_patches are invalid", "%s", err)...)
		}
	}

	return diagnostics
}

func (f configurationFunction) Read(_ context.Context, arguments resource.PropertyMap) (resource.PropertyMap, bridge.Diagnostics) {
	if bridge.IsUnknown(arguments[machineSecretsKey]) {
		return nil, unknownArgument("machine_secrets", "machineSecrets")
	}

	result := arguments.Copy()

	fill := func(key resource.PropertyKey, value string) {
		if bridge.IsNull(result, key) {
			result[key] = resource.NewStringProperty(value)
		}
	}
	fill(kubernetesVersionKey, constants.DefaultKubernetesVersion)
	fill(talosVersionKey, defaultContract())

	content, err := generateConfiguration(result)
	if err != nil {
		return nil, bridge.Errorf("failed to generate machine configuration", "%s", err)
	}

	result[renderedKey] = resource.NewStringProperty(string(content))
	result[idKey] = result[clusterNameKey]

	return result, nil
}

// generateConfiguration is what `talosctl gen config` does, with the plugin's own defaults for disk and installer.
func generateConfiguration(arguments resource.PropertyMap) ([]byte, error) {
	secrets, err := decodeBundle(bridge.Nested(arguments, machineSecretsKey))
	if err != nil {
		return nil, err
	}

	contract, err := config.ParseContractFromVersion(bridge.Text(arguments, talosVersionKey))
	if err != nil {
		return nil, err
	}

	kind, err := machinetype.ParseType(bridge.Text(arguments, machineTypeKey))
	if err != nil {
		return nil, err
	}

	texts, known := bridge.Texts(arguments, patchesKey)
	if !known {
		// The real plugin reads an unknown patch as an empty one, which is then taken for the name of a file.
		texts = []string{""}
	}

	patches, err := configpatcher.LoadPatches(texts)
	if err != nil {
		return nil, fmt.Errorf("error parsing config patch: %w", err)
	}

	withPatches := bundle.WithPatchWorker
	if kind == machinetype.TypeControlPlane {
		withPatches = bundle.WithPatchControlPlane
	}

	generated, err := bundle.NewBundle(
		bundle.WithInputOptions(&bundle.InputOptions{
			ClusterName: bridge.Text(arguments, clusterNameKey),
			Endpoint:    bridge.Text(arguments, clusterEndpointKey),
			KubeVersion: strings.TrimPrefix(bridge.Text(arguments, kubernetesVersionKey), "v"),
			GenOptions: []generate.Option{
				generate.WithClusterDiscovery(true),
				generate.WithDNSDomain(constants.DefaultDNSDomain),
				generate.WithInstallDisk("/dev/sda"),
				generate.WithInstallImage(defaultInstaller()),
				generate.WithSecretsBundle(secrets),
				generate.WithVersionContract(contract),
			},
		}),
		bundle.WithVerbose(false),
		withPatches(patches),
	)
	if err != nil {
		return nil, err
	}

	return generated.Serialize(comments(arguments), kind)
}

func comments(arguments resource.PropertyMap) encoder.CommentsFlags {
	flags := encoder.CommentsDisabled

	if bridge.Flag(arguments, docsKey) {
		flags |= encoder.CommentsDocs
	}

	if bridge.Flag(arguments, examplesKey) {
		flags |= encoder.CommentsExamples
	}

	return flags
}
