package talos

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	sideronet "github.com/siderolabs/net"
	"github.com/siderolabs/talos/pkg/machinery/constants"

	"talos-cluster/lab/plugins/internal/bridge"
)

func nonEmpty(name string) func(string) *bridge.Diagnostic {
	return func(value string) *bridge.Diagnostic {
		if value != "" {
			return nil
		}

		return &bridge.Diagnostic{
			Summary: "Invalid Attribute Value Length",
			Detail:  fmt.Sprintf("Attribute %s string length must be at least 1, got: 0", name),
		}
	}
}

// oneOf refuses every other value, in the words of Terraform's validators.
func oneOf(name string, allowed ...string) func(string) *bridge.Diagnostic {
	return func(value string) *bridge.Diagnostic {
		quoted := make([]string, 0, len(allowed))

		for _, candidate := range allowed {
			if value == candidate {
				return nil
			}

			quoted = append(quoted, fmt.Sprintf("%q", candidate))
		}

		return &bridge.Diagnostic{
			Summary: "Invalid Attribute Value Match",
			Detail: fmt.Sprintf("Attribute %s value must be one of: [%s], got: %q",
				name, strings.Join(quoted, " "), value),
		}
	}
}

func validDuration(value string) *bridge.Diagnostic {
	if _, err := time.ParseDuration(value); err == nil {
		return nil
	}

	return &bridge.Diagnostic{
		Summary: "Invalid Attribute Value Time Duration",
		Detail: fmt.Sprintf("%q must be a string containing a sequence of decimal numbers, each with optional fraction and a "+
			"unit suffix, such as \"300ms\", \"-1.5h\" or \"2h45m\". Valid time units are \"ns\", \"us\" (or \"µs\"), \"ms\", "+
			"\"s\", \"m\", \"h\".", value),
	}
}

// validEndpoint wants a URL with https.
func validEndpoint(endpoint string) error {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		if strings.Contains(endpoint, "/") {
			return fmt.Errorf("failed to parse the cluster endpoint URL: %w", err)
		}

		parsed = &url.URL{Host: endpoint}
	}

	switch {
	case parsed.Scheme == "" && parsed.Port() == "":
		return fmt.Errorf("no scheme and port specified for the cluster endpoint URL\ntry: %q", corrected(parsed))
	case parsed.Scheme == "":
		return fmt.Errorf("no scheme specified for the cluster endpoint URL\ntry: %q", corrected(parsed))
	case parsed.Scheme != "https":
		return fmt.Errorf("the control plane endpoint URL should have scheme https://\ntry: %q", corrected(parsed))
	}

	if err := sideronet.ValidateEndpointURI(endpoint); err != nil {
		return fmt.Errorf("error validating the cluster endpoint URL: %w", err)
	}

	return nil
}

// corrected guesses what was meant: a name alone parses as a path.
func corrected(parsed *url.URL) *url.URL {
	if parsed.Scheme == "" && parsed.Host == "" && parsed.Path != "" {
		parsed.Host, parsed.Path = parsed.Path, ""
	}

	parsed.Scheme = "https"
	if parsed.Port() == "" {
		parsed.Host = fmt.Sprintf("%s:%d", parsed.Host, constants.DefaultControlPlanePort)
	}

	return parsed
}

// unknownArgument is how Terraform's framework refuses an unknown value where a function reads plain values.
func unknownArgument(name, target string) bridge.Diagnostics {
	return bridge.Diagnostics{{
		Path:    []string{name},
		Summary: "Value Conversion Error",
		Detail: fmt.Sprintf("An unexpected error was encountered trying to build a value. This is always an error in the "+
			"provider. Please report the following to the provider developer:\n\n"+
			"Received unknown value, however the target type cannot handle unknown values. Use the corresponding `types` "+
			"package type or a custom type that handles unknown values.\n\n"+
			"Path: %s\nTarget Type: talos.%s\nSuggested Type: basetypes.ObjectValue", name, target),
	}}
}
