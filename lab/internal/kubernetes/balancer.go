package kubernetes

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	backendDialTimeout = 500 * time.Millisecond
	helloTimeout       = 10 * time.Second
	recordHeaderBytes  = 5
	tlsHandshake       = 22
)

// answerTimeouts are how long a controller may take to answer the client's first words, in the first
// round and in the second. A kube-apiserver that is starting accepts connections seconds before it
// serves them, and a machine that hangs never does: the next controller must get its chance.
var answerTimeouts = []time.Duration{time.Second, 5 * time.Second}

// Balancer is the cluster's endpoint: it passes each connection to a controller that answers it.
type Balancer struct {
	listen   netip.AddrPort
	backends func() []netip.AddrPort

	next atomic.Uint64

	mutex       sync.Mutex
	listener    net.Listener
	connections map[net.Conn]struct{}
	running     sync.WaitGroup
}

// NewBalancer makes a balancer for the backends that are known at the time of each connection.
func NewBalancer(listen netip.AddrPort, backends func() []netip.AddrPort) *Balancer {
	return &Balancer{listen: listen, backends: backends, connections: map[net.Conn]struct{}{}}
}

// Start listens; nil when it listens already.
func (balancer *Balancer) Start(ctx context.Context) error {
	balancer.mutex.Lock()
	defer balancer.mutex.Unlock()

	if balancer.listener != nil {
		return nil
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", balancer.listen.String())
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}

	balancer.listener = listener
	balancer.running.Go(func() { balancer.accept(listener) })

	return nil
}

// Stop closes the endpoint and every connection through it.
func (balancer *Balancer) Stop(context.Context) error {
	balancer.mutex.Lock()

	if balancer.listener != nil {
		_ = balancer.listener.Close()
		balancer.listener = nil
	}

	for connection := range balancer.connections {
		_ = connection.Close()
	}

	balancer.mutex.Unlock()
	balancer.running.Wait()

	return nil
}

func (balancer *Balancer) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}

		if err != nil {
			time.Sleep(10 * time.Millisecond) // out of file descriptors, perhaps: no use in spinning

			continue
		}

		balancer.running.Go(func() { balancer.serve(client) })
	}
}

func (balancer *Balancer) serve(client net.Conn) {
	if !balancer.hold(client) {
		return
	}
	defer balancer.release(client)

	hello, err := readHello(client)
	if err != nil {
		return
	}

	server, answer := balancer.find(hello)
	if server == nil {
		return
	}
	defer balancer.release(server)

	if _, err := client.Write(answer); err != nil {
		return
	}

	done := make(chan struct{})

	go func() {
		_, _ = io.Copy(server, client)
		closeWrite(server)
		close(done)
	}()

	_, _ = io.Copy(client, server)
	closeWrite(client)

	// Either side may have gone without a word: closing both ends the other copy.
	_ = client.Close()
	_ = server.Close()
	<-done
}

// find tries every backend in turn, beginning with another one each time, and returns the
// connection to the first that answers, with its answer.
func (balancer *Balancer) find(hello []byte) (net.Conn, []byte) {
	backends := balancer.backends()
	first := balancer.next.Add(1)

	for _, timeout := range answerTimeouts {
		for index := range backends {
			backend := backends[(first+uint64(index))%uint64(len(backends))]

			if connection, answer := balancer.ask(backend, hello, timeout); connection != nil {
				return connection, answer
			}
		}
	}

	return nil, nil
}

// ask returns a held connection to a backend that answers, and nil for one that does not.
func (balancer *Balancer) ask(backend netip.AddrPort, hello []byte, timeout time.Duration) (net.Conn, []byte) {
	connection, err := net.DialTimeout("tcp", backend.String(), backendDialTimeout)
	if err != nil || !balancer.hold(connection) {
		return nil, nil
	}

	answer := make([]byte, 16<<10)
	count := 0

	if _, err = connection.Write(hello); err == nil {
		_ = connection.SetReadDeadline(time.Now().Add(timeout))
		count, err = connection.Read(answer)
	}

	if err != nil {
		balancer.release(connection)

		return nil, nil
	}

	_ = connection.SetReadDeadline(time.Time{})

	return connection, answer[:count]
}

// readHello reads the first TLS record, the client's hello, which a backend can be asked with.
// Of what is not TLS it reads just as much as tells so: kube-apiserver has an answer to that too.
func readHello(client net.Conn) ([]byte, error) {
	_ = client.SetReadDeadline(time.Now().Add(helloTimeout))
	defer func() { _ = client.SetReadDeadline(time.Time{}) }()

	hello := make([]byte, recordHeaderBytes)
	if _, err := io.ReadFull(client, hello); err != nil || hello[0] != tlsHandshake {
		return hello, err
	}

	body := make([]byte, binary.BigEndian.Uint16(hello[3:]))
	_, err := io.ReadFull(client, body)

	return append(hello, body...), err
}

// hold remembers a connection so that Stop can close it; false when the balancer has stopped.
func (balancer *Balancer) hold(connection net.Conn) bool {
	balancer.mutex.Lock()
	defer balancer.mutex.Unlock()

	if balancer.listener == nil {
		_ = connection.Close()

		return false
	}

	balancer.connections[connection] = struct{}{}

	return true
}

func (balancer *Balancer) release(connection net.Conn) {
	balancer.mutex.Lock()
	defer balancer.mutex.Unlock()

	delete(balancer.connections, connection)
	_ = connection.Close()
}

func closeWrite(connection net.Conn) {
	if half, ok := connection.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}
