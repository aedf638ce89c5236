package kubernetes

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/argsbuilder"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// apiServerEnvironment keeps kube-apiserver small: three must share a laptop with everything else.
// GOMEMLIMIT is a soft limit: a busy lab grows past it rather than stalling.
var apiServerEnvironment = []string{"GOGC=40", "GOMEMLIMIT=256MiB"}

// labArguments are where the lab departs from Talos's kube-apiserver.
var labArguments = map[string]string{
	// The `kubernetes` Service cannot have loopback addresses as endpoints.
	"endpoint-reconciler-type": "none",
	// Fair queues cost time at the start, and pay off only with many clients.
	"enable-priority-and-fairness": "false",
	// The machine's volumes are not there, and nobody would rotate this.
	"audit-log-path": "", "audit-policy-file": "", "audit-log-maxage": "", "audit-log-maxbackup": "", "audit-log-maxsize": "",
}

// localArguments turns the arguments of the static pod into those of a program on this host.
// skipped are arguments that name files of the machine, which do not exist here.
func localArguments(node Node, directory string) (formatted, skipped []string, err error) {
	arguments, err := apiServerArguments(node)
	if err != nil {
		return nil, nil, err
	}

	overrides := map[string]string{
		"bind-address":      node.Address.String(),
		"advertise-address": node.Address.String(),
		"etcd-servers":      fmt.Sprintf("https://%s", netip.AddrPortFrom(node.Address, constants.EtcdClientPort)),
	}
	for _, set := range []map[string]string{overrides, labArguments} {
		for name, value := range set {
			arguments[name] = argsbuilder.Value{value}
		}
	}

	places := strings.NewReplacer(secretsDirectory, directory, configDirectory, directory, "$(POD_IP)", node.Address.String())

	for name, values := range arguments {
		for _, value := range values {
			local := places.Replace(value)

			switch {
			case value == "":
			case strings.HasPrefix(local, "/") && local == value:
				skipped = append(skipped, name)
			default:
				formatted = append(formatted, "--"+name+"="+local)
			}
		}
	}

	slices.Sort(formatted)
	slices.Sort(skipped)

	return formatted, skipped, nil
}
