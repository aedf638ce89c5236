package kubernetes

import (
	"fmt"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// AdminConfig is how Talos itself talks to the cluster from a controller (user talos:admin).
// An empty endpoint is the cluster's; it fails on a worker, whose configuration has no key.
func AdminConfig(provider config.Provider, endpoint string) (*rest.Config, error) {
	if endpoint == "" {
		endpoint = provider.Cluster().Endpoint().String()
	}

	return certificateConfig(provider, endpoint,
		constants.KubernetesTalosAdminCertCommonName, constants.KubernetesAdminCertOrganization)
}

func certificateConfig(provider config.Provider, endpoint, user, group string) (*rest.Config, error) {
	pair, err := clientCertificate(provider, user, group)
	if err != nil {
		return nil, err
	}

	configuration := baseConfig(provider, endpoint)
	configuration.CertData = pair.Crt
	configuration.KeyData = pair.Key

	return configuration, nil
}

func baseConfig(provider config.Provider, endpoint string) *rest.Config {
	return &rest.Config{
		Host:            endpoint,
		TLSClientConfig: rest.TLSClientConfig{CAData: trusted(provider)},
		UserAgent:       "talos-lab",
		// client-go's own 5 requests a second would make a fresh cluster crawl.
		QPS:   50,
		Burst: 100,
		// Warnings would go to the lab's standard error, past every log.
		WarningHandler: rest.NoWarnings{},
	}
}

func newClient(configuration *rest.Config, err error) (*kubernetes.Clientset, error) {
	if err != nil {
		return nil, err
	}

	client, err := kubernetes.NewForConfig(configuration)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", configuration.Host, err)
	}

	return client, nil
}
