package apid

import (
	"context"
	"regexp"
	"strings"

	"github.com/siderolabs/grpc-proxy/proxy"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// streamedMethods are the API methods with a streamed answer, whose chunks carry the node's name themselves.
var streamedMethods = regexp.MustCompile(`^/(` + strings.Join([]string{
	`machine\.MachineService/(Copy|DiskUsage|Dmesg|EtcdSnapshot|Events|ImageList|Kubeconfig|List|Logs|PacketCapture|Read)`,
	`machine\.LifecycleService/(Install|Upgrade)`,
	`cluster\.ClusterService/HealthCheck`,
}, "|") + `)$|Stream$`)

func streamed(method string) bool { return streamedMethods.MatchString(method) }

// oneToManyServices accept several targets in one call since Talos 1.13 lists them.
var oneToManyServices = regexp.MustCompile(
	`^/(machine\.MachineService|cluster\.ClusterService|inspect\.InspectService|storage\.StorageService|time\.TimeService)/`)

type router struct {
	options Options
}

// direct decides where a call goes, by its metadata: "nodes" (many), "node" (one), neither or "proxyfrom" (here).
func (router *router) direct(ctx context.Context, method string) (proxy.Mode, []proxy.Backend, error) {
	here := []proxy.Backend{router.options.Local}

	values, found := metadata.FromIncomingContext(ctx)
	if !found || router.options.Maintenance {
		return proxy.One2One, here, nil
	}

	if _, proxied := values["proxyfrom"]; proxied {
		return proxy.One2One, here, nil
	}

	nodes, many := values["nodes"]
	node, one := values["node"]

	if one && len(node) != 1 {
		return proxy.One2One, nil, status.Error(codes.InvalidArgument, "node metadata must be single-valued")
	}

	// A machine that cannot forward still answers when it is the only target.
	if router.options.Remotes == nil {
		one = one && !router.options.IsLocal(node[0])
		many = many && (len(nodes) != 1 || !router.options.IsLocal(nodes[0]))
	}

	switch {
	case many:
		if err := router.allowMany(method); err != nil {
			return proxy.One2One, nil, err
		}

		backends, err := router.remotes(nodes)

		return proxy.One2Many, backends, err
	case one:
		backends, err := router.remotes(node)

		return proxy.One2One, backends, err
	default:
		return proxy.One2One, here, nil
	}
}

func (router *router) allowMany(method string) error {
	switch {
	case router.options.ExplicitOneToMany && !oneToManyServices.MatchString(method):
		return status.Errorf(codes.InvalidArgument, "one-2-many proxying is not supported for method %s", method)
	case strings.HasPrefix(method, "/cosi."):
		return status.Error(codes.InvalidArgument, "one-2-many proxying is not supported for COSI methods")
	default:
		return nil
	}
}

func (router *router) remotes(targets []string) ([]proxy.Backend, error) {
	if router.options.Remotes == nil {
		return nil, status.Error(codes.PermissionDenied, "no request forwarding")
	}

	backends := make([]proxy.Backend, 0, len(targets))

	for _, target := range targets {
		backend, err := router.options.Remotes.get(target)
		if err != nil {
			return nil, status.Error(codes.Internal, err.Error())
		}

		backends = append(backends, backend)
	}

	return backends, nil
}
