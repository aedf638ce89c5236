package etcd

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"

	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// behindRelayPort is where the program listens for peers when a relay stands before it.
const behindRelayPort = 12380

// peerRelay is the wire to the member's peer port: what other members send goes through it, so that it can be cut.
type peerRelay struct {
	listen netip.AddrPort
	behind netip.AddrPort
	admits func(from, to netip.AddrPort) bool

	mutex    sync.Mutex
	listener net.Listener
	passing  map[net.Conn]struct{}
}

func newPeerRelay(address netip.Addr, admits func(from, to netip.AddrPort) bool) *peerRelay {
	return &peerRelay{
		listen:  netip.AddrPortFrom(address, constants.EtcdPeerPort),
		behind:  netip.AddrPortFrom(address, behindRelayPort),
		admits:  admits,
		passing: map[net.Conn]struct{}{},
	}
}

func (relay *peerRelay) start() error {
	relay.mutex.Lock()
	defer relay.mutex.Unlock()

	if relay.listener != nil {
		return nil
	}

	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", relay.listen.String())
	if err != nil {
		return fmt.Errorf("etcd peer port: %w", err)
	}

	relay.listener = listener

	go relay.accept(listener)

	return nil
}

func (relay *peerRelay) stop() {
	relay.mutex.Lock()

	if relay.listener != nil {
		relay.listener.Close() //nolint:errcheck
		relay.listener = nil
	}

	relay.mutex.Unlock()
	relay.cut(func(net.Conn) bool { return true })
}

// cut ends the connections that fit.
func (relay *peerRelay) cut(fits func(net.Conn) bool) {
	relay.mutex.Lock()

	passing := make([]net.Conn, 0, len(relay.passing))
	for connection := range relay.passing {
		passing = append(passing, connection)
	}
	relay.mutex.Unlock()

	for _, connection := range passing {
		if fits(connection) {
			connection.Close() //nolint:errcheck
		}
	}
}

func (relay *peerRelay) admitted(connection net.Conn) bool {
	from, to := connection.RemoteAddr().(*net.TCPAddr), connection.LocalAddr().(*net.TCPAddr) //nolint:forcetypeassert

	return relay.admits(from.AddrPort(), to.AddrPort())
}

func (relay *peerRelay) accept(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}

		go relay.pass(connection)
	}
}

// pass carries one connection until either side ends it.
func (relay *peerRelay) pass(connection net.Conn) {
	defer connection.Close() //nolint:errcheck

	if !relay.hold(connection) {
		return
	}
	defer relay.release(connection)

	// Looked at once it is held, so that a wire that is cut at this moment is cut here or there.
	if !relay.admitted(connection) {
		return
	}

	member, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(relay.behind))
	if err != nil {
		return
	}
	defer member.Close() //nolint:errcheck

	go func() {
		_, _ = io.Copy(member, connection)
		member.Close() //nolint:errcheck
	}()

	_, _ = io.Copy(connection, member)
}

func (relay *peerRelay) hold(connection net.Conn) bool {
	relay.mutex.Lock()
	defer relay.mutex.Unlock()

	if relay.listener == nil {
		return false
	}

	relay.passing[connection] = struct{}{}

	return true
}

func (relay *peerRelay) release(connection net.Conn) {
	relay.mutex.Lock()
	defer relay.mutex.Unlock()

	delete(relay.passing, connection)
}

// CutPeers ends the connections of members that may no longer reach this one. They try again, and are refused.
func (member *Member) CutPeers() {
	if member.relay != nil {
		member.relay.cut(func(connection net.Conn) bool { return !member.relay.admitted(connection) })
	}
}
