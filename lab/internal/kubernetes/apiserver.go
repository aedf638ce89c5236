package kubernetes

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/client-go/kubernetes"

	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/process"
)

const (
	readyTimeout  = 5 * time.Second
	readyInterval = 100 * time.Millisecond
)

// ErrNotRunning answers questions to a part that does not run.
var ErrNotRunning = errors.New("not running")

// APIServerOptions are what stays the same over a machine's life.
type APIServerOptions struct {
	// Binary is the kube-apiserver program.
	Binary string
	// Directory is the machine's; certificates and configuration go to its kube-apiserver/ subdirectory.
	Directory string
	// Log gets the program's output; nil drops it. Several goroutines write to it.
	Log io.Writer
}

// APIServer is one controller's kube-apiserver, the real one.
type APIServer struct {
	options APIServerOptions

	mutex       sync.Mutex
	program     *process.Process
	client      *kubernetes.Clientset
	fingerprint [sha256.Size]byte
}

// NewAPIServer makes the kube-apiserver of one machine; nothing runs yet.
func NewAPIServer(options APIServerOptions) *APIServer {
	return &APIServer{options: options}
}

// Start runs kube-apiserver as the machine configuration asks for, and returns when the program runs.
// When it runs already it is restarted only if its part of the configuration changed.
func (server *APIServer) Start(_ context.Context, node Node) error {
	directory := filepath.Join(server.options.Directory, "kube-apiserver")

	arguments, skipped, err := localArguments(node, directory)
	if err != nil {
		return err
	}

	stable, err := stableFiles(node)
	if err != nil {
		return err
	}

	fingerprint, err := fingerprintOf(arguments, stable, node.Config.Cluster().APIServer().Image(), node.Config.Cluster().CertSANs(), node.Hostname)
	if err != nil {
		return err
	}

	server.mutex.Lock()
	defer server.mutex.Unlock()

	if server.program != nil {
		if server.fingerprint == fingerprint {
			return nil
		}

		server.halt()
	}

	issued, err := issuedFiles(node)
	if err != nil {
		return err
	}

	if err := (apiServerFiles{stable: stable, issued: issued}).write(directory); err != nil {
		return err
	}

	for _, name := range skipped {
		server.log("--%s names a file of the machine, which the lab does not have: left out", name)
	}

	client, err := newClient(AdminConfig(node.Config, node.apiServerURL()))
	if err != nil {
		return err
	}

	program, err := process.Start(process.Options{
		Path:        server.options.Binary,
		Arguments:   arguments,
		Environment: apiServerEnvironment,
		Directory:   directory,
		Log:         server.options.Log,
	})
	if err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}

	server.program, server.client, server.fingerprint = program, client, fingerprint

	return nil
}

// Stop ends kube-apiserver at once: its own orderly end waits for every watch of its clients.
func (server *APIServer) Stop(context.Context) error {
	server.mutex.Lock()
	defer server.mutex.Unlock()

	server.halt()

	return nil
}

func (server *APIServer) halt() {
	if server.program != nil {
		server.program.Kill()
	}

	server.program, server.client = nil, nil
}

// Ready asks this very kube-apiserver whether it is ready (/readyz).
func (server *APIServer) Ready(ctx context.Context) error {
	server.mutex.Lock()
	client := server.client
	server.mutex.Unlock()

	if client == nil {
		return fmt.Errorf("kube-apiserver: %w", ErrNotRunning)
	}

	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

// WaitReady waits until kube-apiserver is ready, or until ctx ends.
func (server *APIServer) WaitReady(ctx context.Context) error {
	for {
		err := server.Ready(ctx)
		if err == nil {
			return nil
		}

		if pause.For(ctx, readyInterval) != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
}

func (server *APIServer) log(format string, arguments ...any) {
	logTo(server.options.Log, "kube-apiserver: "+format, arguments...)
}

func fingerprintOf(parts ...any) ([sha256.Size]byte, error) {
	// JSON orders the keys of maps: equal configurations give equal bytes.
	encoded, err := json.Marshal(parts)

	return sha256.Sum256(encoded), err
}

func logTo(log io.Writer, format string, arguments ...any) {
	if log != nil {
		fmt.Fprintf(log, format+"\n", arguments...)
	}
}
