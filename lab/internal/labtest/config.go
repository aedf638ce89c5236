package labtest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"

	"talos-cluster/lab/internal/testcluster"
)

// bundle is one set of secrets for all tests of a package: a service account key takes a second to make.
var bundle = sync.OnceValues(func() (*secrets.Bundle, error) {
	return secrets.NewBundle(secrets.NewClock(), config.TalosVersionCurrent)
})

func newInput(test *testing.T, endpoint string) *generate.Input {
	test.Helper()

	shared, err := bundle()
	Must(test, err)

	input, err := generate.NewInput("lab-test", endpoint, testcluster.KubernetesVersion, generate.WithSecretsBundle(shared))
	Must(test, err)

	return input
}

// Config is a machine configuration with its hostname, installer image and patches.
func (lab *Lab) Config(kind machineconfig.Type, name, version string, patches ...string) []byte {
	lab.test.Helper()

	generated, err := lab.input.Config(kind)
	Must(lab.test, err)

	loaded, err := configpatcher.LoadPatches(append([]string{
		fmt.Sprintf("apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: %s\n", name),
		fmt.Sprintf("machine:\n  install:\n    disk: /dev/sda\n    image: example.org/installer:%s\n", version),
	}, patches...))
	Must(lab.test, err)

	patched, err := configpatcher.Apply(configpatcher.WithConfig(generated), loaded)
	Must(lab.test, err)

	data, err := patched.Bytes()
	Must(lab.test, err)

	return data
}

// authority is the certificate authority of the Talos API.
func (lab *Lab) authority() *x509.PEMEncodedCertificateAndKey {
	return lab.input.Options.SecretsBundle.Certs.OS
}
