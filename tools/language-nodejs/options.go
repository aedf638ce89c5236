package main

import (
	"fmt"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	"google.golang.org/protobuf/types/known/structpb"
)

// options is what `runtime.options` of Pulumi.yaml may say; names and defaults are the official host's.
type options struct {
	// typescript registers ts-node in the program's process; on unless switched off.
	typescript bool
	// tsconfig is the path of the TypeScript configuration ts-node reads.
	tsconfig string
	// nodeArguments come before the program on node's command line.
	nodeArguments []string
	// packageManager installs and lists the dependencies.
	packageManager npm.PackageManagerType
}

var packageManagers = map[string]npm.PackageManagerType{
	"auto": npm.AutoPackageManager,
	"npm":  npm.NpmPackageManager,
	"yarn": npm.YarnPackageManager,
	"pnpm": npm.PnpmPackageManager,
	"bun":  npm.BunPackageManager,
}

func parseOptions(raw *structpb.Struct) (options, error) {
	parsed := options{typescript: true, packageManager: npm.AutoPackageManager}

	// Options this host does not know are for other versions of it: ignored, as the official host does.
	for name, value := range raw.AsMap() {
		if err := parsed.set(name, value); err != nil {
			return options{}, err
		}
	}
	return parsed, nil
}

func (o *options) set(name string, value any) error {
	switch name {
	case "typescript":
		typescript, ok := value.(bool)
		if !ok {
			return fmt.Errorf("runtime.options.typescript: %v is no boolean. Write true or false", value)
		}
		o.typescript = typescript
	case "tsconfig", "nodeargs", "packagemanager":
		text, ok := value.(string)
		if !ok {
			return fmt.Errorf("runtime.options.%s: %v is no string. Put it in quotes", name, value)
		}
		return o.setText(name, text)
	}
	return nil
}

func (o *options) setText(name, value string) error {
	switch name {
	case "tsconfig":
		o.tsconfig = value
	case "nodeargs":
		arguments, err := shlex.Split(value)
		if err != nil {
			return fmt.Errorf("runtime.options.nodeargs: %q cannot be split into arguments: %w", value, err)
		}
		o.nodeArguments = arguments
	case "packagemanager":
		manager, known := packageManagers[value]
		if !known {
			return fmt.Errorf("runtime.options.packagemanager: %q is unknown. Use auto, npm, yarn, pnpm or bun", value)
		}
		o.packageManager = manager
	}
	return nil
}
