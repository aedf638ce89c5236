package kubernetes

import (
	"net"
	"net/netip"
)

// Drop closes the connections through the endpoint to one controller: its clients come back and get another.
func (balancer *Balancer) Drop(controller netip.Addr) {
	balancer.mutex.Lock()
	defer balancer.mutex.Unlock()

	for connection := range balancer.connections {
		if far, known := connection.RemoteAddr().(*net.TCPAddr); known && far.AddrPort().Addr() == controller {
			_ = connection.Close()
		}
	}
}
