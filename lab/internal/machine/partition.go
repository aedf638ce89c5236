package machine

import (
	"context"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/process"
)

// unreachableAfter is how long a connection takes to fail where nothing is passed on. Linux takes three seconds.
const unreachableAfter = time.Second

// links are the open connections of a boot to other machines.
type links struct {
	mu   sync.Mutex
	open map[*link]struct{}
}

// link is a connection that is cut when the machine at its end is out of reach.
type link struct {
	net.Conn

	links *links
	to    netip.Addr
}

// Close implements net.Conn.
func (link *link) Close() error {
	link.links.mu.Lock()
	delete(link.links.open, link)
	link.links.mu.Unlock()

	return link.Conn.Close()
}

// dial connects the machine itself to another one, or to the cluster's endpoint: apid that forwards a call, the kubelet.
func (boot *Boot) dial(ctx context.Context, address string) (net.Conn, error) {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}

	if !boot.Machine.reaches(target.Addr()) {
		if err := pause.For(ctx, unreachableAfter); err != nil {
			return nil, err
		}

		return nil, &net.OpError{
			Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(target), Err: os.NewSyscallError("connect", syscall.EHOSTUNREACH),
		}
	}

	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}

	opened := &link{Conn: connection, links: &boot.links, to: target.Addr()}

	boot.links.mu.Lock()
	defer boot.links.mu.Unlock()

	if boot.links.open == nil {
		boot.links.open = map[*link]struct{}{}
	}

	boot.links.open[opened] = struct{}{}

	return opened, nil
}

// cut ends the connections that fit, or all.
func (boot *Boot) cut(fits ...func(*link) bool) {
	boot.links.mu.Lock()

	severed := []*link(nil)

	for each := range boot.links.open {
		if len(fits) == 0 || fits[0](each) {
			severed = append(severed, each)
		}
	}
	boot.links.mu.Unlock()

	for _, each := range severed {
		each.Close() //nolint:errcheck
	}
}

// reaches tells whether the machine's packets get to an address.
func (machine *Machine) reaches(address netip.Addr) bool {
	return machine.peers.linked(machine.Address(), address)
}

// linked tells whether packets pass between two addresses. What is no machine, the endpoint of the cluster, is behind
// the same wire as the others.
func (peers *Peers) linked(from, to netip.Addr) bool {
	if from == to {
		return true
	}

	for _, machine := range peers.machines {
		if (machine.Address() == from || machine.Address() == to) && machine.Faults.Has(fault.Partition) {
			return false
		}
	}

	return true
}

// sever cuts every connection between machines that no longer reach each other.
func (peers *Peers) sever() {
	for _, machine := range peers.machines {
		boot := machine.Boot()
		if boot == nil {
			continue
		}

		boot.cut(func(each *link) bool { return !machine.reaches(each.to) })
		boot.kubernetes.etcd.CutPeers()
	}
}

// admitsPeer tells whether a connection to the machine's etcd peer port comes from a machine it is linked with. On
// loopback every connection comes from 127.0.0.1: the process at its other end says whose it is.
func (machine *Machine) admitsPeer(from, to netip.AddrPort) bool {
	if machine.Faults.Has(fault.Partition) {
		return false
	}

	for _, other := range machine.peers.machines {
		if !other.Faults.Has(fault.Partition) {
			continue
		}

		if boot := other.Boot(); boot != nil && process.OwnsConnection(boot.kubernetes.etcd.PID(), from, to) {
			return false
		}
	}

	return true
}
