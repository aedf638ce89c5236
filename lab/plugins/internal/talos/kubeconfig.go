package talos

import (
	"context"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/client"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	kubeconfigRawKey    resource.PropertyKey = "kubeconfigRaw"
	kubernetesClientKey resource.PropertyKey = "kubernetesClientConfiguration"
	renewalKey          resource.PropertyKey = "certificateRenewalDuration"
	hostKey             resource.PropertyKey = "host"
)

// kubeconfig fetches the admin kubeconfig once, and again only when its client certificate is about to end. It says nothing
// of the cluster's health: a machine makes one from its configuration alone.
type kubeconfig struct {
	now func() time.Time
}

func (r kubeconfig) Schema() bridge.Schema {
	raw := secret(computed("kubeconfig_raw"))
	raw.Keep = true

	parsed := object(computed("kubernetes_client_configuration"), bridge.Schema{
		hostKey:        computed("host"),
		authorityKey:   computed("ca_certificate"),
		certificateKey: computed("client_certificate"),
		privateKey:     secret(computed("client_key")),
	})
	parsed.Keep = true

	return bridge.WithID(true, bridge.Schema{
		nodeKey:             required("node"),
		endpointKey:         endpoint(),
		clientKey:           clientConfiguration(required("client_configuration"), required),
		kubeconfigRawKey:    raw,
		kubernetesClientKey: parsed,
		renewalKey: &bridge.Attribute{
			Terraform: "certificate_renewal_duration", Optional: true, Computed: true, Default: bridge.DefaultTo("720h"),
		},
		timeoutsKey: timeouts("create", "update"),
	})
}

func (r kubeconfig) SchemaVersion() int { return 1 }

func (r kubeconfig) Validate(resource.PropertyMap) bridge.Diagnostics { return nil }

// ModifyPlan announces a renewal that is due.
func (r kubeconfig) ModifyPlan(_ context.Context, plan *bridge.Plan) bridge.Diagnostics {
	if addressesUnknown(plan) {
		return nil
	}

	fillEndpoint(plan)

	window := bridge.Text(plan.Config, renewalKey)
	if window == "" {
		window = bridge.Text(plan.Prior, renewalKey)
	}

	due, diagnostics := r.renewalDue(plan.Prior, window, "failed to parse certificate renewal duration in plan")
	if due {
		plan.Planned[kubeconfigRawKey] = bridge.Unknown()
		plan.Planned[kubernetesClientKey] = resource.NewObjectProperty(resource.PropertyMap{
			hostKey: bridge.Unknown(), authorityKey: bridge.Unknown(),
			certificateKey: bridge.Unknown(), privateKey: bridge.Unknown(),
		})
	}

	return diagnostics
}

func (r kubeconfig) Create(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	state, cluster, diagnostics := r.fetch(ctx, plan.Planned, "create")
	if diagnostics.Failed() {
		return nil, diagnostics
	}

	state[idKey] = resource.NewStringProperty(cluster)

	return state, nil
}

func (r kubeconfig) Update(ctx context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	due, diagnostics := r.renewalDue(plan.Prior, bridge.Text(plan.Planned, renewalKey),
		"failed to parse certificate renewal duration")
	if !due || diagnostics.Failed() {
		return plan.Planned.Copy(), diagnostics
	}

	state, _, diagnostics := r.fetch(ctx, plan.Planned, "update")

	return state, diagnostics
}

func (r kubeconfig) Delete(context.Context, resource.PropertyMap) bridge.Diagnostics { return nil }

// fetch asks the machine and puts the kubeconfig, whole and in parts, into the planned state.
func (r kubeconfig) fetch(
	ctx context.Context, planned resource.PropertyMap, operation resource.PropertyKey,
) (state resource.PropertyMap, cluster string, diagnostics bridge.Diagnostics) {
	target, err := newMachine(planned, bridge.Nested(planned, clientKey))
	if err != nil {
		return nil, "", bridge.Errorf("failed to generate talos config", "%s", err)
	}

	timeout, diagnostics := timeoutOf(planned, operation)
	if diagnostics.Failed() {
		return nil, "", diagnostics
	}

	var content []byte

	if err := retry(ctx, timeout, func() error {
		return target.do(ctx, func(ctx context.Context, client *client.Client) (err error) {
			content, err = client.Kubeconfig(ctx)

			return err
		})
	}); err != nil {
		return nil, "", bridge.Errorf("failed to retrieve kubeconfig", "%s", err)
	}

	parsed, cluster, err := parseKubeconfig(content)
	if err != nil {
		return nil, "", bridge.Errorf("failed to parse kubeconfig", "%s", err)
	}

	state = planned.Copy()
	state[kubeconfigRawKey] = resource.NewStringProperty(string(content))
	state[kubernetesClientKey] = parsed

	return state, cluster, nil
}

func (r kubeconfig) renewalDue(prior resource.PropertyMap, window, summary string) (bool, bridge.Diagnostics) {
	certificate := bridge.Text(bridge.Nested(prior, kubernetesClientKey), certificateKey)
	if certificate == "" {
		return false, nil
	}

	notAfter, diagnostics := certificateEnd(certificate, "kubernetes client certificate")
	if diagnostics.Failed() {
		return false, diagnostics
	}

	duration, err := time.ParseDuration(window)
	if err != nil {
		return false, bridge.Errorf(summary, "%s", err)
	}

	return notAfter.Before(r.now().Add(duration)), nil
}
