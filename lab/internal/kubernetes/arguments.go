package kubernetes

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/siderolabs/talos/pkg/argsbuilder"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

const (
	secretsDirectory = constants.KubernetesAPIServerSecretsDir
	configDirectory  = constants.KubernetesAPIServerConfigDir
	managerDirectory = constants.KubernetesControllerManagerSecretsDir
	schedulerSecrets = constants.KubernetesSchedulerSecretsDir
	schedulerConfigs = constants.KubernetesSchedulerConfigDir
)

// merged puts a machine configuration's extra arguments over the component's own.
// Those in denied are the component's identity: Talos refuses to have them changed.
func merged(component string, own map[string]string, extra map[string][]string, additive []string, denied []string) (argsbuilder.Args, error) {
	arguments := argsbuilder.Args{}
	for name, value := range own {
		arguments[name] = argsbuilder.Value{value}
	}

	policies := argsbuilder.MergePolicies{}
	for _, name := range additive {
		policies[name] = argsbuilder.MergeAdditive
	}

	for _, name := range denied {
		policies[name] = argsbuilder.MergeDenied
	}

	overrides := argsbuilder.Args{}
	for name, values := range extra {
		overrides[name] = values
	}

	if err := arguments.Merge(overrides, argsbuilder.WithMergePolicies(policies)); err != nil {
		return nil, fmt.Errorf("cluster.%s.extraArgs: %w", component, err)
	}

	return arguments, nil
}

// apiServerArguments are kube-apiserver's, as Talos's static pod has them.
func apiServerArguments(node Node) (argsbuilder.Args, error) {
	cluster := node.Config.Cluster()
	endpoint := cluster.Endpoint().String()
	secret := func(name string) string { return filepath.Join(secretsDirectory, name) }

	own := map[string]string{
		"admission-control-config-file":      filepath.Join(configDirectory, "admission-control-config.yaml"),
		"advertise-address":                  "$(POD_IP)",
		"allow-privileged":                   "true",
		"anonymous-auth":                     "false",
		"api-audiences":                      endpoint,
		"audit-log-maxage":                   "30",
		"audit-log-maxbackup":                "10",
		"audit-log-maxsize":                  "100",
		"audit-log-path":                     filepath.Join(constants.KubernetesAuditLogDir, "kube-apiserver.log"),
		"audit-policy-file":                  filepath.Join(configDirectory, "auditpolicy.yaml"),
		"authorization-config":               filepath.Join(configDirectory, "authorization-config.yaml"),
		"bind-address":                       "0.0.0.0",
		"client-ca-file":                     secret("ca.crt"),
		"enable-admission-plugins":           "NodeRestriction",
		"enable-bootstrap-token-auth":        "true",
		"encryption-provider-config":         secret("encryptionconfig.yaml"),
		"etcd-cafile":                        secret("etcd-client-ca.crt"),
		"etcd-certfile":                      secret("etcd-client.crt"),
		"etcd-keyfile":                       secret("etcd-client.key"),
		"etcd-servers":                       "https://127.0.0.1:" + strconv.Itoa(constants.EtcdClientPort),
		"kubelet-client-certificate":         secret("apiserver-kubelet-client.crt"),
		"kubelet-client-key":                 secret("apiserver-kubelet-client.key"),
		"kubelet-preferred-address-types":    "InternalIP,ExternalIP,Hostname",
		"profiling":                          "false",
		"proxy-client-cert-file":             secret("front-proxy-client.crt"),
		"proxy-client-key-file":              secret("front-proxy-client.key"),
		"requestheader-allowed-names":        "front-proxy-client",
		"requestheader-client-ca-file":       secret("aggregator-ca.crt"),
		"requestheader-extra-headers-prefix": "X-Remote-Extra-",
		"requestheader-group-headers":        "X-Remote-Group",
		"requestheader-username-headers":     "X-Remote-User",
		"secure-port":                        strconv.Itoa(cluster.LocalAPIServerPort()),
		"service-account-issuer":             endpoint,
		"service-account-key-file":           secret("service-account.pub"),
		"service-account-signing-key-file":   secret("service-account.key"),
		"service-cluster-ip-range":           strings.Join(cluster.Network().ServiceCIDRs(), ","),
		"tls-cert-file":                      secret("apiserver.crt"),
		"tls-min-version":                    "VersionTLS12",
		"tls-private-key-file":               secret("apiserver.key"),
	}

	extra := cluster.APIServer().ExtraArgs()
	for name := range extra {
		// kube-apiserver takes its authorizers from flags or from a file, never from both.
		if name == "authorization-mode" || strings.HasPrefix(name, "authorization-webhook-") {
			delete(own, "authorization-config")
			own["authorization-mode"] = "Node,RBAC"
		}
	}

	return merged("apiServer", own, extra,
		[]string{"enable-admission-plugins", "feature-gates", "authorization-mode", "tls-cipher-suites"},
		[]string{
			"authorization-config", "client-ca-file", "encryption-provider-config", "etcd-cafile", "etcd-certfile",
			"etcd-keyfile", "etcd-servers", "kubelet-client-certificate", "kubelet-client-key", "proxy-client-cert-file",
			"proxy-client-key-file", "requestheader-client-ca-file", "service-account-key-file",
			"service-account-signing-key-file", "tls-cert-file", "tls-private-key-file",
		})
}

func controllerManagerArguments(node Node) (argsbuilder.Args, error) {
	cluster := node.Config.Cluster()
	secret := func(name string) string { return filepath.Join(managerDirectory, name) }

	return merged("controllerManager", map[string]string{
		"allocate-node-cidrs":              "true",
		"authentication-kubeconfig":        secret("kubeconfig"),
		"authorization-kubeconfig":         secret("kubeconfig"),
		"bind-address":                     "127.0.0.1",
		"cluster-cidr":                     strings.Join(cluster.Network().PodCIDRs(), ","),
		"cluster-signing-cert-file":        secret("ca.crt"),
		"cluster-signing-key-file":         secret("ca.key"),
		"configure-cloud-routes":           "false",
		"controllers":                      "*,tokencleaner",
		"kubeconfig":                       secret("kubeconfig"),
		"leader-elect":                     "true",
		"profiling":                        "false",
		"root-ca-file":                     secret("ca.crt"),
		"service-account-private-key-file": secret("service-account.key"),
		"service-cluster-ip-range":         strings.Join(cluster.Network().ServiceCIDRs(), ","),
		"tls-min-version":                  "VersionTLS13",
	}, cluster.ControllerManager().ExtraArgs(),
		[]string{"service-cluster-ip-range", "controllers"},
		[]string{
			"authentication-kubeconfig", "authorization-kubeconfig", "cluster-signing-cert-file",
			"cluster-signing-key-file", "root-ca-file", "service-account-private-key-file",
		})
}

func schedulerArguments(node Node) (argsbuilder.Args, error) {
	return merged("scheduler", map[string]string{
		"authentication-kubeconfig":              filepath.Join(schedulerSecrets, "kubeconfig"),
		"authentication-tolerate-lookup-failure": "false",
		"authorization-kubeconfig":               filepath.Join(schedulerSecrets, "kubeconfig"),
		"bind-address":                           "127.0.0.1",
		"config":                                 filepath.Join(schedulerConfigs, "scheduler-config.yaml"),
		"leader-elect":                           "true",
		"profiling":                              "false",
		"tls-min-version":                        "VersionTLS13",
	}, node.Config.Cluster().Scheduler().ExtraArgs(), nil,
		[]string{"kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig", "config"})
}
