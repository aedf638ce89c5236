package control_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"

	"talos-cluster/lab/internal/labtest"
	"talos-cluster/lab/internal/record"
)

// threeMembers configures three controllers and waits until each has a healthy member.
func threeMembers(test *testing.T, lab *labtest.Lab) {
	test.Helper()

	for host := 11; host <= 13; host++ {
		lab.Configure(host, machineconfig.TypeControlPlane, fmt.Sprintf("controller-%d", host-10), "v1.13.0")
	}

	labtest.Must(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}))

	for host := 11; host <= 13; host++ {
		lab.Eventually(fmt.Sprintf("a member on %d", host), func() error { return healthy(lab, host) })
	}
}

func healthy(lab *labtest.Lab, host int) error {
	ctx, cancel := context.WithTimeout(lab.Context(), 2*time.Second)
	defer cancel()

	return lab.Machine(host).Boot().Etcd().Healthy(ctx)
}

func TestPartition(test *testing.T) {
	lab := labtest.Start(test, 249, "v1.13.0", 11, 12, 13)
	via := connect(test, lab)

	threeMembers(test, lab)

	through := lab.Admin(12)
	ask3 := func(host int) error {
		_, err := through.Version(client.WithNode(lab.Context(), lab.Address(host)))

		return err
	}

	labtest.Must(test, ask3(13))

	press(test, lab, via, 13, "faults", `{"fault":"partition","set":true}`)

	lab.Eventually("its member lost its cluster", func() error {
		if healthy(lab, 13) == nil {
			return errors.New("still linked")
		}

		return nil
	})

	for _, host := range []int{11, 12} {
		lab.Eventually(fmt.Sprintf("%d goes on", host), func() error { return healthy(lab, host) })
	}

	if err := ask3(13); err == nil || !strings.Contains(err.Error(), "connect: no route to host") {
		test.Errorf("through another machine: %v", err)
	}

	labtest.Must(test, ask3(11))

	if _, err := lab.Admin(13).Version(lab.Context()); err != nil {
		test.Errorf("people still reach it: %v", err)
	}

	press(test, lab, via, 13, "faults", `{"fault":"partition","set":false}`)
	lab.Eventually("its member is back", func() error { return healthy(lab, 13) })
	lab.Eventually("calls are forwarded again", func() error { return ask3(13) })

	found := record.Report{}
	ask(test, via, http.MethodGet, "/report", "", &found)

	if found.Invariants.QuorumLost || found.Invariants.Bootstraps != 1 || found.Invariants.MembershipChanges != 4 {
		test.Errorf("invariants: %+v, %+v", found.Invariants, found.Events)
	}
}
