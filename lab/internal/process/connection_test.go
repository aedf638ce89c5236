package process

import (
	"net"
	"net/netip"
	"os"
	"testing"
)

func TestOwnsConnection(test *testing.T) {
	listener, err := net.Listen("tcp", "127.0.213.9:0")
	if err != nil {
		test.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck

	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		test.Fatal(err)
	}
	defer connection.Close() //nolint:errcheck

	near := connection.LocalAddr().(*net.TCPAddr).AddrPort()
	far := connection.RemoteAddr().(*net.TCPAddr).AddrPort()

	if !OwnsConnection(os.Getpid(), near, far) {
		test.Errorf("%s to %s is not found with this process", near, far)
	}

	for name, owned := range map[string]bool{
		"another process":     OwnsConnection(os.Getppid(), near, far),
		"no process":          OwnsConnection(0, near, far),
		"another port":        OwnsConnection(os.Getpid(), netip.AddrPortFrom(near.Addr(), 1), far),
		"the other way round": OwnsConnection(os.Getppid(), far, near),
	} {
		if owned {
			test.Errorf("%s owns %s to %s", name, near, far)
		}
	}
}
