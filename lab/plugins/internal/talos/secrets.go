package talos

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"go.yaml.in/yaml/v4"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

const (
	talosVersionKey   resource.PropertyKey = "talosVersion"
	machineSecretsKey resource.PropertyKey = "machineSecrets"
)

// secretsResource generates a cluster's secrets once and keeps them; only its client certificate is ever renewed.
type secretsResource struct {
	now func() time.Time
}

func (r secretsResource) Schema() bridge.Schema {
	version := &bridge.Attribute{Terraform: "talos_version", Optional: true, Computed: true, Validate: validContract}

	return bridge.WithID(true, bridge.Schema{
		talosVersionKey:   version,
		machineSecretsKey: machineSecrets(computed),
		clientKey:         clientConfiguration(computed("client_configuration"), computed),
	})
}

func (r secretsResource) SchemaVersion() int { return 1 }

func (r secretsResource) Validate(resource.PropertyMap) bridge.Diagnostics { return nil }

// ModifyPlan sets the version's default, asks for a replacement when it goes down, and announces a due renewal.
func (r secretsResource) ModifyPlan(_ context.Context, plan *bridge.Plan) bridge.Diagnostics {
	if !bridge.IsUnknown(plan.Config[talosVersionKey]) {
		planned := bridge.Text(plan.Planned, talosVersionKey)

		switch {
		case planned == "":
			plan.Planned[talosVersionKey] = resource.NewStringProperty(defaultContract())
		case plan.Prior != nil && older(planned, bridge.Text(plan.Prior, talosVersionKey)):
			plan.Replace = append(plan.Replace, talosVersionKey)
		}
	}

	due, diagnostics := r.renewalDue(plan.Prior)
	if due {
		plan.Planned[clientKey] = resource.NewObjectProperty(resource.PropertyMap{
			authorityKey: bridge.Unknown(), certificateKey: bridge.Unknown(), privateKey: bridge.Unknown(),
		})
	}

	return diagnostics
}

func (r secretsResource) Create(_ context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	contract, err := config.ParseContractFromVersion(bridge.Text(plan.Planned, talosVersionKey))
	if err != nil {
		return nil, bridge.Errorf("failed to validate talos version", "%s", err)
	}

	bundle, err := secrets.NewBundle(secrets.NewFixedClock(time.Now()), contract)
	if err != nil {
		return nil, bridge.Errorf("failed to generate secrets bundle", "%s", err)
	}

	return r.state(bundle, plan.Planned[talosVersionKey])
}

// Update changes the version in the state, never a secret, and renews a client certificate that is about to end.
func (r secretsResource) Update(_ context.Context, plan *bridge.Plan) (resource.PropertyMap, bridge.Diagnostics) {
	state := plan.Prior.Copy()
	state[talosVersionKey] = plan.Planned[talosVersionKey]

	due, diagnostics := r.renewalDue(plan.Prior)
	if !due {
		return state, diagnostics
	}

	bundle, err := decodeBundle(bridge.Nested(state, machineSecretsKey))
	if err != nil {
		return nil, bridge.Errorf("failed to convert machine secrets to secrets bundle", "%s", err)
	}

	renewed, diagnostics := r.state(bundle, state[talosVersionKey])
	if diagnostics.Failed() {
		return nil, diagnostics
	}

	state[clientKey] = renewed[clientKey]

	return state, nil
}

// Delete forgets the secrets with the state.
func (r secretsResource) Delete(context.Context, resource.PropertyMap) bridge.Diagnostics { return nil }

// Import reads a secrets.yaml on this machine: the id is its path.
func (r secretsResource) Import(id string) (resource.PropertyMap, bridge.Diagnostics) {
	if _, err := os.Stat(id); err != nil {
		return nil, bridge.Errorf("failed to import state", "%s", err)
	}

	content, err := os.ReadFile(id) //nolint:gosec // the person who imports names the file
	if err != nil {
		return nil, bridge.Errorf("failed to read machine secrets file", "%s", err)
	}

	var bundle *secrets.Bundle
	if err := yaml.Unmarshal(content, &bundle); err != nil {
		return nil, bridge.Errorf("failed to unmarshal machine secrets", "%s", err)
	}

	version := "v1.3"
	if bundle.Secrets.AESCBCEncryptionSecret != "" {
		version = "v1.2"
	}

	return r.state(bundle, resource.NewStringProperty(version))
}

func (r secretsResource) state(bundle *secrets.Bundle, version resource.PropertyValue) (resource.PropertyMap, bridge.Diagnostics) {
	if bundle.Clock == nil {
		bundle.Clock = secrets.NewFixedClock(time.Now())
	}

	client, err := bundle.GenerateTalosAPIClientCertificateWithTTL(
		role.MakeSet(role.Admin), constants.TalosAPIDefaultCertificateValidityDuration)
	if err != nil {
		return nil, bridge.Errorf("failed to convert secrets bundle to machine secrets", "%s", err)
	}

	return resource.PropertyMap{
		idKey:             resource.NewStringProperty("machine_secrets"),
		talosVersionKey:   version,
		machineSecretsKey: resource.NewObjectProperty(encodeBundle(bundle)),
		clientKey: nested(map[string]string{
			string(authorityKey):   encode(bundle.Certs.OS.Crt),
			string(certificateKey): encode(client.Crt),
			string(privateKey):     encode(client.Key),
		}),
	}, nil
}

// renewalDue tells whether the stored client certificate ends within a month.
func (r secretsResource) renewalDue(state resource.PropertyMap) (bool, bridge.Diagnostics) {
	client := bridge.Nested(state, clientKey)
	if bridge.Text(client, authorityKey) == "" {
		return false, nil
	}

	notAfter, problem := certificateEnd(bridge.Text(client, certificateKey), "client certificate")

	return problem == nil && notAfter.Before(r.now().AddDate(0, 1, 0)), problem
}

// certificateEnd reads when a base64 PEM certificate ends; what is its name in an error.
func certificateEnd(text, what string) (time.Time, bridge.Diagnostics) {
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return time.Time{}, bridge.Errorf("failed to decode "+what, "%s", err)
	}

	block, _ := pem.Decode(content)
	if block == nil {
		return time.Time{}, bridge.Errorf("failed to decode "+what, "failed to parse PEM block")
	}

	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}, bridge.Errorf("failed to parse "+what, "%s", err)
	}

	return certificate.NotAfter, nil
}
