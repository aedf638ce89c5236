//go:build tools

// Package tools pins the Kubernetes programs of the lab: the API server of each controller, and kubectl.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
