package machine

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/siderolabs/talos/pkg/conditions"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"google.golang.org/grpc"

	"talos-cluster/lab/internal/apid"
	"talos-cluster/lab/internal/pause"
	"talos-cluster/lab/internal/resources"
	"talos-cluster/lab/internal/services"
)

// issuePeriod is how often a worker asks again for its certificate.
const issuePeriod = 250 * time.Millisecond

// apidService runs apid: it serves whatever the boot's access is, and nothing while there is none.
func (boot *Boot) apidService() services.Definition {
	return services.Definition{
		ID:        "apid",
		DependsOn: []string{"containerd"},
		Condition: func() conditions.Condition {
			return conditions.WaitForAll(&accessCondition{boot, "api certificates"}, &accessCondition{boot, "config to be ready"})
		},
		Stopping:     "Sending SIGTERM to task apid",
		Run:          boot.runAPID,
		Health:       boot.checkAPID,
		HealthPeriod: healthPeriod,
	}
}

type accessCondition struct {
	boot        *Boot
	description string
}

// String implements conditions.Condition.
func (condition *accessCondition) String() string { return condition.description }

// Wait implements conditions.Condition.
func (condition *accessCondition) Wait(ctx context.Context) error {
	_, err := condition.boot.awaitAccess(ctx)

	return err
}

// awaitAccess returns the access as soon as there is any.
func (boot *Boot) awaitAccess(ctx context.Context) (access, error) {
	for {
		current, changed := boot.followAccess()

		switch {
		case ctx.Err() != nil:
			return current, ctx.Err()
		case current.mode != accessNone:
			return current, nil
		}

		select {
		case <-ctx.Done():
			return current, ctx.Err()
		case <-changed:
		}
	}
}

func (boot *Boot) runAPID(ctx context.Context, running func(string)) error {
	running(boot.startedTask("apid"))

	// The access outlives the service: without a look at the context a stopped service would start again for ever.
	for ctx.Err() == nil {
		current, err := boot.awaitAccess(ctx)
		if err != nil {
			break
		}

		if err := boot.serveAPID(ctx, current); err != nil {
			boot.Journal.Service("apid").Printf("service error: %s", err)
			pause.For(ctx, time.Second) //nolint:errcheck
		}
	}

	return nil
}

// serveAPID serves until the kind of access changes; new certificates of the same kind are picked up on the way.
func (boot *Boot) serveAPID(ctx context.Context, current access) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	remotes := &apid.Remotes{Dial: boot.dial}
	defer remotes.Close()

	go func() {
		defer stop()

		for known := current; ; {
			next, changed := boot.followAccess()

			switch {
			case next.mode != current.mode:
				return
			case next.identity != known.identity && next.identity.client != nil:
				remotes.Use(next.identity.clientTLS(boot.Machine.Now))
			}

			known = next

			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
		}
	}()

	listener, err := boot.listen(ctx)
	if err != nil {
		return err
	}

	options := apid.Options{
		TLS:               boot.serverTLS,
		Local:             boot.local,
		Maintenance:       current.mode == accessMaintenance,
		ExplicitOneToMany: boot.Profile.ExplicitOneToMany(),
		IsLocal:           boot.isLocal,
	}

	if current.identity.client != nil {
		remotes.Use(current.identity.clientTLS(boot.Machine.Now))
		options.Remotes = remotes
	}

	boot.Journal.Service("apid").Printf("starting apid with config: listen address :%d, maintenance %v",
		constants.ApidPort, options.Maintenance)

	return apid.Serve(ctx, listener, options)
}

func (boot *Boot) listen(ctx context.Context) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(ctx, "tcp", boot.apiAddress())
}

func (boot *Boot) apiAddress() string {
	return net.JoinHostPort(boot.Machine.hardware.Address.String(), strconv.Itoa(constants.ApidPort))
}

func (boot *Boot) checkAPID(ctx context.Context) error {
	connection, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", boot.apiAddress())
	if err != nil {
		return err
	}

	return connection.Close()
}

func (boot *Boot) isLocal(target string) bool {
	hostname := boot.Hostname()
	short, _ := resources.SplitHostname(hostname)

	return target == boot.Machine.hardware.Address.String() || target == hostname || target == short
}

// serveMaintenance is the maintenance server of Talos 1.12: no apid, no machined behind it.
func (boot *Boot) serveMaintenance(ctx context.Context) {
	listener, err := boot.listen(ctx)
	if err != nil {
		boot.Journal.Talos("maintenance service: %s", err)

		return
	}

	err = apid.ServeDirect(ctx, listener, boot.serverTLS, func(registrar grpc.ServiceRegistrar) {
		boot.Machine.options.API.RegisterMaintenance(registrar, boot)
	})
	if err != nil {
		boot.Journal.Talos("maintenance service: %s", err)
	}
}

// issueCertificates makes the certificates of apid, and tries until it can: a controller signs its own, a worker needs a
// running trustd of its cluster.
func (boot *Boot) issueCertificates() {
	if err := pause.For(boot.ctx, boot.Machine.options.Timing.APIRestart); err != nil {
		return
	}

	for boot.ctx.Err() == nil {
		err := boot.tryIssue()
		if err == nil {
			boot.notify()

			return
		}

		boot.Journal.Service("machined").Printf("controller failed: secrets.APIController: %s", err)
		pause.For(boot.ctx, issuePeriod) //nolint:errcheck
	}
}

// reissue makes new certificates when what they are made from has changed.
func (boot *Boot) reissue() {
	if boot.currentAccess().mode == accessConfigured {
		go boot.issueCertificates()
	}
}

func (boot *Boot) tryIssue() error {
	provider := boot.Config()

	issuance := boot.issuance()
	key := issuance.key(provider)

	if current := boot.currentAccess(); current.identity != nil && current.identity.key == key {
		return nil
	}

	issuing := provider.Machine().Security().IssuingCA()
	if !provider.Machine().Type().IsControlPlane() {
		if issuing = boot.Machine.peers.issuer(provider, boot.Machine); issuing == nil {
			return fmt.Errorf("failed to sign API server CSR: no trustd endpoint of the cluster answers")
		}
	}

	identity, err := configuredIdentity(provider, issuing, issuance)
	if err != nil {
		return err
	}

	identity.key = key
	boot.setAccess(access{mode: accessConfigured, identity: identity})

	return nil
}
