package talos

import (
	"context"
	"fmt"
	"strings"

	"github.com/blang/semver/v4"
	"github.com/siderolabs/talos/pkg/machinery/platforms"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	architectureKey resource.PropertyKey = "architecture"
	schematicIDKey  resource.PropertyKey = "schematicId"
	platformKey     resource.PropertyKey = "platform"
	boardKey        resource.PropertyKey = "sbc"
)

// urlsFunction names a schematic's images at the factory; it asks nobody.
type urlsFunction struct {
	factory *factory
}

func (f urlsFunction) Arguments() bridge.Schema {
	architecture := &bridge.Attribute{
		Terraform: "architecture", Optional: true, Computed: true, Validate: oneOf("architecture", "amd64", "arm64"),
	}

	platform := optional("platform")
	platform.Validate = oneOf("platform", platformNames()...)

	board := optional("sbc")
	board.Validate = oneOf("sbc", boardNames()...)

	return bridge.Schema{
		architectureKey: architecture,
		talosVersionKey: required("talos_version"),
		schematicIDKey:  required("schematic_id"),
		platformKey:     platform,
		boardKey:        board,
	}
}

func platformNames() []string {
	names := []string{"metal"}
	for _, platform := range platforms.CloudPlatforms() {
		names = append(names, platform.Name)
	}

	return names
}

func boardNames() []string {
	names := []string{}
	for _, board := range platforms.SBCs() {
		names = append(names, board.Name)
	}

	return names
}

// Validate wants a platform or a board, and reports on each of the two.
func (f urlsFunction) Validate(arguments resource.PropertyMap) bridge.Diagnostics {
	platform, board := !bridge.IsNull(arguments, platformKey), !bridge.IsNull(arguments, boardKey)
	if platform != board {
		return nil
	}

	count := "No attribute"
	if platform {
		count = "2 attributes"
	}

	complaint := func(name, other string) bridge.Diagnostic {
		return bridge.Diagnostic{
			Path:    []string{name},
			Summary: "Invalid Attribute Combination",
			Detail:  count + " specified when one (and only one) of [" + other + "] is required",
		}
	}

	return bridge.Diagnostics{complaint("platform", "sbc"), complaint("sbc", "platform")}
}

func (f urlsFunction) Read(_ context.Context, arguments resource.PropertyMap) (resource.PropertyMap, bridge.Diagnostics) {
	result := arguments.Copy()
	if bridge.IsNull(result, architectureKey) {
		result[architectureKey] = resource.NewStringProperty("amd64")
	}

	version := "v" + strings.TrimPrefix(bridge.Text(arguments, talosVersionKey), "v")
	if _, err := semver.ParseTolerant(version); err != nil {
		return nil, bridge.Errorf("talos_version is not valid", "The provided version is not a valid semantic version.")
	}

	images := imageURLs{
		factory:      f.factory.base,
		schematic:    bridge.Text(arguments, schematicIDKey),
		version:      version,
		architecture: bridge.Text(result, architectureKey),
	}

	values, err := images.of(bridge.Text(arguments, platformKey))
	if err != nil {
		return nil, bridge.Errorf("failed to find platform", "%s", err)
	}

	result["urls"] = nested(values)
	result[idKey] = resource.NewStringProperty("")

	return result, nil
}

// errNoPlatform carries the name alone: the summary says the rest.
func errNoPlatform(name string) error { return fmt.Errorf("%s", name) }
