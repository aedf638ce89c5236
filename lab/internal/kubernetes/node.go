// Package kubernetes gives emulated machines their part of Kubernetes: a real kube-apiserver on each
// controller behind one endpoint, and small stand-ins for kubelet and kube-controller-manager that
// do what talosctl, kubectl and Talos's own checks look at.
package kubernetes

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/siderolabs/go-kubernetes/kubernetes/compatibility"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// Node is what the Kubernetes parts take from the machine they run on.
type Node struct {
	// Hostname is the machine's Kubernetes node name.
	Hostname string
	// Address is where the machine listens, and its Node's InternalIP.
	Address netip.Addr
	// Config is the active machine configuration.
	Config config.Provider
	// TalosVersion is the running version, as in v1.12.0.
	TalosVersion string
	// BootID and MachineID are reported by the Node.
	BootID    string
	MachineID string
	// Cordoned keeps new pods away, as Talos does while it upgrades, resets or shuts the machine down.
	Cordoned bool
	// NotReady lets the kubelet report that its container runtime is down.
	NotReady bool
	// Dial connects the machine to others; nil is by TCP as ever.
	Dial func(ctx context.Context, address string) (net.Conn, error)
	// Now is the time by the machine's clock; nil is the computer's.
	Now func() time.Time
}

// apiServerURL is the machine's own kube-apiserver.
func (node Node) apiServerURL() string {
	return fmt.Sprintf("https://%s", netip.AddrPortFrom(node.Address, uint16(node.Config.Cluster().LocalAPIServerPort())))
}

func (node Node) endpoint() *url.URL { return node.Config.Cluster().Endpoint() }

func (node Node) controlPlane() bool { return node.Config.Machine().Type().IsControlPlane() }

// cniMissing says whether the machine configuration leaves the network to somebody else.
func (node Node) cniMissing() bool {
	return node.Config.Cluster().Network().CNI().Name() == constants.NoneCNI
}

// KubeletVersion is the version of the kubelet that a machine configuration asks for, as in v1.35.0.
func KubeletVersion(provider config.Provider) string {
	return "v" + compatibility.VersionFromImageRef(provider.Machine().Kubelet().Image()).String()
}
