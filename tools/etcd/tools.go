//go:build tools

// Package tools pins etcd, which the lab runs once for each controller.
package tools

import _ "go.etcd.io/etcd/server/v3"
