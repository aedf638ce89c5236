package kubernetes

import (
	stdx509 "crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/siderolabs/crypto/x509"

	"talos-cluster/lab/internal/etcd"
)

// apiServerFiles are the contents of the files that kube-apiserver's arguments name.
// stable leaves out what is issued anew each time: it tells whether the configuration changed.
type apiServerFiles struct {
	stable map[string][]byte
	issued map[string][]byte
}

func (files apiServerFiles) write(directory string) error {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}

	for _, set := range []map[string][]byte{files.stable, files.issued} {
		for name, content := range set {
			if err := os.WriteFile(filepath.Join(directory, name), content, 0o600); err != nil {
				return err
			}
		}
	}

	return nil
}

// stableFiles come from the machine configuration as they are.
func stableFiles(node Node) (map[string][]byte, error) {
	cluster := node.Config.Cluster()

	if cluster.Etcd().CA() == nil || cluster.AggregatorCA() == nil || cluster.ServiceAccount() == nil {
		return nil, fmt.Errorf("cluster: the etcd CA, the aggregator CA or the service account key is missing. A controller's machine configuration has them all")
	}

	serviceAccount, err := cluster.ServiceAccount().GetKey()
	if err != nil {
		return nil, fmt.Errorf("cluster.serviceAccount.key: %w", err)
	}

	files := map[string][]byte{
		"ca.crt":              trusted(node.Config),
		"aggregator-ca.crt":   cluster.AggregatorCA().Crt,
		"etcd-client-ca.crt":  cluster.Etcd().CA().Crt,
		"service-account.pub": serviceAccount.GetPublicKeyPEM(),
		"service-account.key": serviceAccount.GetPrivateKeyPEM(),
	}

	for name, document := range map[string]any{
		"admission-control-config.yaml": admissionConfiguration(node),
		"authorization-config.yaml":     authorizationConfiguration(node),
		"encryptionconfig.yaml":         encryptionConfiguration(node),
	} {
		// JSON is YAML.
		if files[name], err = json.Marshal(document); err != nil {
			return nil, err
		}
	}

	return files, nil
}

// issuedFiles are certificates, new at every start.
func issuedFiles(node Node) (map[string][]byte, error) {
	files := map[string][]byte{}

	for name, generate := range map[string]func() (*x509.PEMEncodedCertificateAndKey, error){
		"apiserver": func() (*x509.PEMEncodedCertificateAndKey, error) { return servingCertificate(node) },
		"apiserver-kubelet-client": func() (*x509.PEMEncodedCertificateAndKey, error) {
			return clientCertificate(node.Config, "apiserver-kubelet-client", "system:masters")
		},
		"front-proxy-client": func() (*x509.PEMEncodedCertificateAndKey, error) {
			return issue(node.Config.Cluster().AggregatorCA(), stdx509.ExtKeyUsageClientAuth, x509.CommonName("front-proxy-client"))
		},
		"etcd-client": func() (*x509.PEMEncodedCertificateAndKey, error) {
			return etcd.ClientCertificate(node.Config, "kube-apiserver")
		},
	} {
		pair, err := generate()
		if err != nil {
			return nil, fmt.Errorf("kube-apiserver: certificate %s: %w", name, err)
		}

		files[name+".crt"], files[name+".key"] = pair.Crt, pair.Key
	}

	return files, nil
}

func admissionConfiguration(node Node) map[string]any {
	plugins := []any{}
	for _, plugin := range node.Config.Cluster().APIServer().AdmissionControl() {
		plugins = append(plugins, map[string]any{"name": plugin.Name(), "configuration": plugin.Configuration()})
	}

	return map[string]any{
		"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AdmissionConfiguration", "plugins": plugins,
	}
}

// authorizationConfiguration always has Node and RBAC, first when the configuration leaves them out.
func authorizationConfiguration(node Node) map[string]any {
	authorizers := []map[string]any{}

	for _, authorizer := range node.Config.Cluster().APIServer().AuthorizationConfig() {
		entry := map[string]any{"type": authorizer.Type(), "name": authorizer.Name()}
		if authorizer.Webhook() != nil {
			entry["webhook"] = authorizer.Webhook()
		}

		authorizers = append(authorizers, entry)
	}

	for index, own := range []map[string]any{{"type": "Node", "name": "node"}, {"type": "RBAC", "name": "rbac"}} {
		if !slices.ContainsFunc(authorizers, func(entry map[string]any) bool { return entry["type"] == own["type"] }) {
			authorizers = slices.Insert(authorizers, min(index, len(authorizers)), own)
		}
	}

	return map[string]any{
		"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AuthorizationConfiguration", "authorizers": authorizers,
	}
}

// encryptionConfiguration encrypts secrets in etcd, as on a real cluster.
func encryptionConfiguration(node Node) map[string]any {
	providers := []any{}
	keys := func(name, secret string) map[string]any {
		return map[string]any{"keys": []any{map[string]any{"name": name, "secret": secret}}}
	}

	if secret := node.Config.Cluster().SecretboxEncryptionSecret(); secret != "" {
		providers = append(providers, map[string]any{"secretbox": keys("key2", secret)})
	}

	if secret := node.Config.Cluster().AESCBCEncryptionSecret(); secret != "" {
		providers = append(providers, map[string]any{"aescbc": keys("key1", secret)})
	}

	providers = append(providers, map[string]any{"identity": map[string]any{}})

	return map[string]any{
		"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration",
		"resources": []any{map[string]any{"resources": []string{"secrets"}, "providers": providers}},
	}
}
