//go:build tools

// Package tools pins talosctl, which the toolchain builds where none is installed.
package tools

import _ "github.com/siderolabs/talos/cmd/talosctl"
