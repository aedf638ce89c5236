package bridge

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Log is where messages for the person at the terminal go: the engine, in a real run.
type Log interface {
	Log(ctx context.Context, severity diag.Severity, urn resource.URN, message string) error
}

// report sends every message on, warnings and errors alike: the bridge shows an error in the log and fails with it too.
func (server *Server) report(ctx context.Context, urn string, diagnostics Diagnostics) {
	if server.log == nil {
		return
	}

	for _, diagnostic := range diagnostics {
		severity := diag.Error
		if diagnostic.Severity == Warning {
			severity = diag.Warning
		}

		// A log line that does not arrive is no reason to fail an operation that did what it should.
		_ = server.log.Log(ctx, severity, resource.URN(urn), diagnostic.logText())
	}
}
