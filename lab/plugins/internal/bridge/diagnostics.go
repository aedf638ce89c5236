package bridge

import (
	"fmt"
	"strings"
)

// Severity tells an error from a warning.
type Severity int

// The severities the bridge knows.
const (
	Error Severity = iota
	Warning
)

// Diagnostic is one message of the provider, in the two parts that Terraform gives it.
type Diagnostic struct {
	Severity Severity
	Summary  string
	Detail   string
	// Path leads to the attribute the message is about, in Terraform's names; empty when it is about the whole.
	Path []string
	// Whole keeps an attribute's validator from naming the attribute: one of Talos's does not.
	Whole bool
}

// Diagnostics are the messages of one call.
type Diagnostics []Diagnostic

// Errorf is a list of one error. A summary and a detail, as the provider's authors write them.
func Errorf(summary, format string, arguments ...any) Diagnostics {
	return Diagnostics{{Summary: summary, Detail: fmt.Sprintf(format, arguments...)}}
}

// Failed tells whether an error is among the messages.
func (diagnostics Diagnostics) Failed() bool {
	return len(diagnostics.errors()) > 0
}

func (diagnostics Diagnostics) errors() Diagnostics {
	var failed Diagnostics

	for _, diagnostic := range diagnostics {
		if diagnostic.Severity == Error {
			failed = append(failed, diagnostic)
		}
	}

	return failed
}

// Err is the first error as the bridge returns it to the engine.
func (diagnostics Diagnostics) Err() error {
	failed := diagnostics.errors()
	if len(failed) == 0 {
		return nil
	}

	first := failed[0]

	prefix := ""
	if len(first.Path) > 0 {
		prefix = fmt.Sprintf("[%s] ", first.path())
	}

	if first.Summary == first.Detail {
		return fmt.Errorf("%s%s", prefix, first.Summary)
	}

	return fmt.Errorf("%s%s: %s", prefix, first.Summary, first.Detail)
}

// planErr gathers every error of a plan: there the bridge has a form of its own.
func (diagnostics Diagnostics) planErr() error {
	failed := diagnostics.errors()
	if len(failed) == 0 {
		return nil
	}

	lines := make([]string, 0, len(failed))
	for _, diagnostic := range failed {
		lines = append(lines, fmt.Sprintf("* %s: %s - %s", diagnostic.path(), diagnostic.Summary, diagnostic.Detail))
	}

	noun := "errors"
	if len(failed) == 1 {
		noun = "error"
	}

	return fmt.Errorf("%d %s occurred:\n\t%s\n\n", len(failed), noun, strings.Join(lines, "\n\t"))
}

// logText is the line the bridge sends to the engine's log.
func (diagnostic Diagnostic) logText() string {
	label := "ERROR"
	if diagnostic.Severity == Warning {
		label = "WARNING"
	}

	text := fmt.Sprintf("[%s] %s", label, diagnostic.Detail)
	if diagnostic.Summary != "" {
		text += ": " + diagnostic.Summary
	}

	if len(diagnostic.Path) > 0 {
		text += " at attribute " + diagnostic.path()
	}

	return text
}

func (diagnostic Diagnostic) path() string {
	steps := make([]string, 0, len(diagnostic.Path))
	for _, step := range diagnostic.Path {
		steps = append(steps, fmt.Sprintf("AttributeName(%q)", step))
	}

	return strings.Join(steps, ".")
}
