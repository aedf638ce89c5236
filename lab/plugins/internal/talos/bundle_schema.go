package talos

import "talos-cluster/lab/plugins/internal/bridge"

// machineSecrets is the tree of a cluster's secrets. Names are the real plugin's; only leaves are secret.
func machineSecrets(leaf func(string) *bridge.Attribute) *bridge.Attribute {
	pair := func(name string) *bridge.Attribute {
		return object(leaf(name), bridge.Schema{"cert": leaf("cert"), "key": secret(leaf("key"))})
	}

	aescbc := secret(optional("aescbc_encryption_secret"))
	aescbc.Computed = leaf("").Computed

	return object(leaf("machine_secrets"), bridge.Schema{
		"cluster": object(leaf("cluster"), bridge.Schema{"id": leaf("id"), "secret": secret(leaf("secret"))}),
		"secrets": object(leaf("secrets"), bridge.Schema{
			"bootstrapToken":            secret(leaf("bootstrap_token")),
			"secretboxEncryptionSecret": secret(leaf("secretbox_encryption_secret")),
			"aescbcEncryptionSecret":    aescbc,
		}),
		"trustdinfo": object(leaf("trustdinfo"), bridge.Schema{"token": secret(leaf("token"))}),
		"certs": object(leaf("certs"), bridge.Schema{
			"etcd":              pair("etcd"),
			"k8s":               pair("k8s"),
			"k8sAggregator":     pair("k8s_aggregator"),
			"k8sServiceaccount": object(leaf("k8s_serviceaccount"), bridge.Schema{"key": secret(leaf("key"))}),
			"os":                pair("os"),
		}),
	})
}
