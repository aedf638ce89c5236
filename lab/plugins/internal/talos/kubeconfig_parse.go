package talos

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// kubeconfigFile is the part of a kubeconfig that the resource hands out.
type kubeconfigFile struct {
	CurrentContext string `yaml:"current-context"`
	Contexts       []struct {
		Name    string
		Context struct{ Cluster, User string }
	}
	Clusters []struct {
		Name    string
		Cluster struct {
			Server    string
			Authority string `yaml:"certificate-authority-data"`
		}
	}
	Users []struct {
		Name string
		User struct {
			Certificate string `yaml:"client-certificate-data"`
			Key         string `yaml:"client-key-data"`
		}
	}
}

// parseKubeconfig takes the current context apart and names its cluster.
func parseKubeconfig(content []byte) (resource.PropertyValue, string, error) {
	var file kubeconfigFile
	if err := yaml.Unmarshal(content, &file); err != nil {
		return resource.PropertyValue{}, "", err
	}

	for _, context := range file.Contexts {
		if context.Name != file.CurrentContext {
			continue
		}

		values := map[string]string{}

		for _, cluster := range file.Clusters {
			if cluster.Name == context.Context.Cluster {
				values[string(hostKey)] = cluster.Cluster.Server
				values[string(authorityKey)] = cluster.Cluster.Authority
			}
		}

		for _, user := range file.Users {
			if user.Name == context.Context.User {
				values[string(certificateKey)] = user.User.Certificate
				values[string(privateKey)] = user.User.Key
			}
		}

		return nested(values), context.Context.Cluster, nil
	}

	return resource.PropertyValue{}, "", fmt.Errorf("no context %q in the kubeconfig", file.CurrentContext)
}
