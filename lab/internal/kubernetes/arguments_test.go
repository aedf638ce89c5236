package kubernetes

import (
	stdx509 "crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/config/machine"

	"talos-cluster/lab/internal/testcluster"
)

func controllerNode(test *testing.T, patches ...string) Node {
	test.Helper()

	return Node{
		Hostname: "controller-1", Address: testcluster.Address("127.0.212.11"), TalosVersion: "v1.13.0",
		Config: testcluster.New(test, "https://cluster.example:6443").Config(test, machine.TypeControlPlane, patches...),
	}
}

const extraArguments = `cluster:
  apiServer:
    certSANs: [api.example, 192.0.2.7]
    extraArgs:
      feature-gates: SomeGate=true
      authentication-config: /etc/kubernetes/authentication.yaml
  network:
    serviceSubnets: [10.99.0.0/16]
`

func TestLocalArguments(test *testing.T) {
	node := controllerNode(test, extraArguments)

	arguments, skipped, err := localArguments(node, "/lab/kube-apiserver")
	if err != nil {
		test.Fatal(err)
	}

	for _, wanted := range []string{
		"--bind-address=127.0.212.11", "--advertise-address=127.0.212.11", "--etcd-servers=https://127.0.212.11:2379",
		"--client-ca-file=/lab/kube-apiserver/ca.crt", "--feature-gates=SomeGate=true",
		"--service-cluster-ip-range=10.99.0.0/16", "--service-account-issuer=https://cluster.example:6443",
	} {
		if !slices.Contains(arguments, wanted) {
			test.Errorf("%s is not in %v", wanted, arguments)
		}
	}

	if !slices.Equal(skipped, []string{"authentication-config"}) {
		test.Errorf("skipped: %v", skipped)
	}

	if text := strings.Join(arguments, " "); strings.Contains(text, "audit") || strings.Contains(text, "/system/") {
		test.Errorf("arguments of a machine: %s", text)
	}
}

func TestArgumentsOfTheComponentsOwnAreRefused(test *testing.T) {
	node := controllerNode(test, "cluster:\n  apiServer:\n    extraArgs:\n      etcd-servers: https://elsewhere:2379\n")

	if _, err := StaticPods(node, ConfigVersions{}); err == nil || !strings.Contains(err.Error(), "cluster.apiServer.extraArgs") {
		test.Fatalf("error: %v", err)
	}
}

func TestServingCertificate(test *testing.T) {
	pair, err := servingCertificate(controllerNode(test, extraArguments))
	if err != nil {
		test.Fatal(err)
	}

	block, _ := pem.Decode(pair.Crt)

	certificate, err := stdx509.ParseCertificate(block.Bytes)
	if err != nil {
		test.Fatal(err)
	}

	for _, name := range []string{
		"cluster.example", "api.example", "192.0.2.7", "127.0.212.11", "127.0.0.1", "10.99.0.1", "localhost",
		"controller-1", "kubernetes.default.svc.cluster.local",
	} {
		if err := certificate.VerifyHostname(name); err != nil {
			test.Error(err)
		}
	}
}

func TestStaticPods(test *testing.T) {
	node := controllerNode(test, "machine:\n  controlPlane:\n    scheduler:\n      disabled: true\n")

	pods, err := StaticPods(node, ConfigVersions{APIServer: "3", ControllerManager: "4"})
	if err != nil {
		test.Fatal(err)
	}

	if len(pods) != 2 || pods[0].Name != "kube-apiserver" || pods[1].Name != "kube-controller-manager" {
		test.Fatalf("pods: %v", pods)
	}

	if pods[1].Annotations["talos.dev/config-version"] != "4" || pods[1].Spec.Containers[0].Command[1] != "--use-service-account-credentials" {
		test.Fatalf("controller manager: %v", pods[1])
	}

	worker := node
	worker.Config = testcluster.New(test, "https://cluster.example:6443").Config(test, machine.TypeWorker)

	if pods, err := StaticPods(worker, ConfigVersions{}); err != nil || pods != nil {
		test.Fatalf("a worker's pods: %v, %v", pods, err)
	}
}
