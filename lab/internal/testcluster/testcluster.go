// Package testcluster gives the lab's Go tests machine configurations of one cluster
// and the programs they run.
package testcluster

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
)

// KubernetesVersion is what the tests' configurations ask for.
const KubernetesVersion = "1.35.0"

// Cluster makes the machine configurations of one cluster.
type Cluster struct {
	input *generate.Input
}

// New makes a cluster's secrets.
func New(test *testing.T, endpoint string) *Cluster {
	test.Helper()

	input, err := generate.NewInput("lab-test", endpoint, KubernetesVersion)
	if err != nil {
		test.Fatal(err)
	}

	return &Cluster{input: input}
}

// Config is the configuration of a machine of a type, with strategic merge patches applied.
func (cluster *Cluster) Config(test *testing.T, kind machine.Type, patches ...string) config.Provider {
	test.Helper()

	generated, err := cluster.input.Config(kind)
	if err != nil {
		test.Fatal(err)
	}

	if len(patches) == 0 {
		return generated
	}

	loaded, err := configpatcher.LoadPatches(patches)
	if err != nil {
		test.Fatal(err)
	}

	output, err := configpatcher.Apply(configpatcher.WithConfig(generated), loaded)
	if err != nil {
		test.Fatal(err)
	}

	encoded, err := output.Bytes()
	if err != nil {
		test.Fatal(err)
	}

	patched, err := configloader.NewFromBytes(encoded)
	if err != nil {
		test.Fatal(err)
	}

	return patched
}

// Address is one address, written as text.
func Address(text string) netip.Addr { return netip.MustParseAddr(text) }

// Program is the path of a program the tests run: the one that a variable names, or the
// toolchain's. It fails the test when there is none, since a skipped test would prove nothing.
func Program(test *testing.T, variable, name string) string {
	test.Helper()

	path := os.Getenv(variable)
	if path == "" {
		path = filepath.Join(moduleDirectory(test), "..", ".tools", "bin", name)
	}

	if _, err := os.Stat(path); err != nil {
		test.Fatalf("%s: there is no such program. Run `npm run toolchain`, or set %s to the path of %s.", path, variable, name)
	}

	return path
}

// moduleDirectory is the folder of go.mod. Tests run in the folder of their package; the path of a source file would do
// only without -trimpath.
func moduleDirectory(test *testing.T) string {
	test.Helper()

	directory, err := os.Getwd()
	if err != nil {
		test.Fatal(err)
	}

	for {
		if _, err := os.Stat(filepath.Join(directory, "go.mod")); err == nil {
			return directory
		}

		parent := filepath.Dir(directory)
		if parent == directory {
			test.Fatal("no go.mod above the tests: run them inside the lab's folder")
		}

		directory = parent
	}
}
