package talos

import (
	"encoding/base64"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// encodeBundle lays a secrets bundle out as the plugin's machineSecrets.
func encodeBundle(bundle *secrets.Bundle) resource.PropertyMap {
	certificates := resource.PropertyMap{
		"etcd":              pair(bundle.Certs.Etcd),
		"k8s":               pair(bundle.Certs.K8s),
		"k8sServiceaccount": nested(map[string]string{"key": encode(bundle.Certs.K8sServiceAccount.Key)}),
		"os":                pair(bundle.Certs.OS),
	}

	certificates["k8sAggregator"] = resource.NewObjectProperty(resource.PropertyMap{})
	if bundle.Certs.K8sAggregator.Crt != nil {
		certificates["k8sAggregator"] = pair(bundle.Certs.K8sAggregator)
	}

	kubernetes := map[string]string{
		"bootstrapToken":            bundle.Secrets.BootstrapToken,
		"secretboxEncryptionSecret": bundle.Secrets.SecretboxEncryptionSecret,
	}
	if bundle.Secrets.AESCBCEncryptionSecret != "" {
		kubernetes["aescbcEncryptionSecret"] = bundle.Secrets.AESCBCEncryptionSecret
	}

	return resource.PropertyMap{
		"cluster":    nested(map[string]string{"id": bundle.Cluster.ID, "secret": bundle.Cluster.Secret}),
		"secrets":    nested(kubernetes),
		"trustdinfo": nested(map[string]string{"token": bundle.TrustdInfo.Token}),
		"certs":      resource.NewObjectProperty(certificates),
	}
}

// decodeBundle reads machineSecrets back.
func decodeBundle(values resource.PropertyMap) (*secrets.Bundle, error) {
	cluster, kubernetes := bridge.Nested(values, "cluster"), bridge.Nested(values, "secrets")
	reader := certificateReader{certificates: bridge.Nested(values, "certs")}

	bundle := &secrets.Bundle{
		Clock:   secrets.NewFixedClock(time.Now()),
		Cluster: &secrets.Cluster{ID: bridge.Text(cluster, "id"), Secret: bridge.Text(cluster, "secret")},
		Secrets: &secrets.Secrets{
			BootstrapToken:            bridge.Text(kubernetes, "bootstrapToken"),
			SecretboxEncryptionSecret: bridge.Text(kubernetes, "secretboxEncryptionSecret"),
			AESCBCEncryptionSecret:    bridge.Text(kubernetes, "aescbcEncryptionSecret"),
		},
		TrustdInfo: &secrets.TrustdInfo{Token: bridge.Text(bridge.Nested(values, "trustdinfo"), "token")},
		Certs: &secrets.Certs{
			Etcd:              reader.pair("etcd"),
			K8s:               reader.pair("k8s"),
			K8sAggregator:     reader.pair("k8sAggregator"),
			K8sServiceAccount: &x509.PEMEncodedKey{Key: reader.bytes("k8sServiceaccount", "key")},
			OS:                reader.pair("os"),
		},
	}

	return bundle, reader.err
}

type certificateReader struct {
	certificates resource.PropertyMap
	err          error
}

func (reader *certificateReader) pair(name resource.PropertyKey) *x509.PEMEncodedCertificateAndKey {
	return &x509.PEMEncodedCertificateAndKey{Crt: reader.bytes(name, "cert"), Key: reader.bytes(name, "key")}
}

func (reader *certificateReader) bytes(name, part resource.PropertyKey) []byte {
	decoded, err := base64.StdEncoding.DecodeString(bridge.Text(bridge.Nested(reader.certificates, name), part))
	if err != nil && reader.err == nil {
		reader.err = err
	}

	return decoded
}

func pair(certificate *x509.PEMEncodedCertificateAndKey) resource.PropertyValue {
	return nested(map[string]string{"cert": encode(certificate.Crt), "key": encode(certificate.Key)})
}

func nested(values map[string]string) resource.PropertyValue {
	properties := resource.PropertyMap{}
	for key, value := range values {
		properties[resource.PropertyKey(key)] = resource.NewStringProperty(value)
	}

	return resource.NewObjectProperty(properties)
}

func encode(bytes []byte) string {
	return base64.StdEncoding.EncodeToString(bytes)
}
