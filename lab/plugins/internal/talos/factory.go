package talos

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"talos-cluster/lab/plugins/internal/bridge"
)

// defaultFactory is where the plugin registers schematics unless it is told otherwise.
const defaultFactory = "https://factory.talos.dev"

// factory is the image factory. The default one cannot be reached from a lab: its part is played here, by the rule that makes
// an id of a schematic. One that the program names with imageFactoryUrl is asked over HTTP.
type factory struct {
	base *url.URL
}

func newFactory() *factory {
	base, _ := url.Parse(defaultFactory)

	return &factory{base: base}
}

// configure reads the provider's own configuration.
func (f *factory) configure(config resource.PropertyMap) bridge.Diagnostics {
	address := bridge.Text(config, "imageFactoryUrl")
	if address == "" {
		address = defaultFactory
	}

	base, err := url.Parse(address)
	if err != nil {
		return bridge.Errorf("failed to create Image Factory client", "%s", err)
	}

	f.base = base

	return nil
}

func (f *factory) register(ctx context.Context, schematic []byte) (string, error) {
	if f.base.String() == defaultFactory {
		id := sha256.Sum256(schematic)

		return hex.EncodeToString(id[:]), nil
	}

	request, err := http.NewRequestWithContext(
		ctx, http.MethodPost, f.base.JoinPath("/schematics").String(), bytes.NewReader(schematic))
	if err != nil {
		return "", err
	}

	request.Header.Add("Content-Type", "application/yaml")

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}

	defer response.Body.Close() //nolint:errcheck // the answer was read

	content, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}

	switch {
	case response.StatusCode == http.StatusBadRequest:
		return "", fmt.Errorf("invalid schematic: HTTP %d: %s", response.StatusCode, content)
	case response.StatusCode > http.StatusBadRequest:
		return "", fmt.Errorf("HTTP %d: %s", response.StatusCode, content)
	}

	var answer struct {
		ID string `json:"id"`
	}

	if err := json.Unmarshal(content, &answer); err != nil {
		return "", err
	}

	return answer.ID, nil
}
