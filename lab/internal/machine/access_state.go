package machine

import (
	"crypto/tls"
	"errors"
)

// access is how apid answers at a time.
type access struct {
	mode     accessMode
	identity *identity
}

type accessMode int

const (
	accessNone accessMode = iota
	accessMaintenance
	accessConfigured
)

func (boot *Boot) setAccess(next access) {
	boot.accessMu.Lock()
	defer boot.accessMu.Unlock()

	boot.access = next

	close(boot.accessChanged)
	boot.accessChanged = make(chan struct{})
}

// followAccess returns the present access and a channel that is closed when it changes.
func (boot *Boot) followAccess() (access, <-chan struct{}) {
	boot.accessMu.Lock()
	defer boot.accessMu.Unlock()

	return boot.access, boot.accessChanged
}

func (boot *Boot) currentAccess() access {
	current, _ := boot.followAccess()

	return current
}

func (boot *Boot) serverTLS() (*tls.Config, error) {
	identity := boot.currentAccess().identity

	switch {
	case identity == nil:
		return nil, errNoCertificate
	case identity.pool == nil:
		return &tls.Config{Certificates: []tls.Certificate{identity.server}}, nil
	default:
		return identity.serverTLS(boot.Machine.Now), nil
	}
}

// errNoCertificate ends a handshake that came while the machine changes from one kind of access to the other.
var errNoCertificate = errors.New("no API certificate at the moment")
