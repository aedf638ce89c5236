package control_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"

	"talos-cluster/lab/internal/labtest"
	"talos-cluster/lab/internal/record"
)

func TestRemovedMemberIsMissedNoMore(test *testing.T) {
	lab := labtest.Start(test, 250, "v1.13.0", 11, 12)
	via := connect(test, lab)

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	lab.Configure(12, machineconfig.TypeControlPlane, "controller-2", "v1.13.0")
	labtest.Must(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}))

	for _, host := range []int{11, 12} {
		lab.Eventually("etcd is up", func() error {
			if !lab.Machine(host).Boot().Services.IsUp("etcd") {
				return errors.New("not up")
			}

			return nil
		})
	}

	id, err := lab.Machine(12).Boot().Etcd().ID(lab.Context())
	labtest.Must(test, err)

	// etcd lets nobody go before its members have been connected for a while.
	lab.Eventually("a removed member", func() error {
		return lab.Admin(11).EtcdRemoveMemberByID(lab.Context(), &machine.EtcdRemoveMemberByIDRequest{MemberId: id})
	})

	press(test, lab, via, 12, "faults", `{"fault":"off","set":true}`)

	found := report(test, via)
	if last := found.Events[len(found.Events)-1]; last.Kind != record.EventMember || last.Name != "controller-2" || last.Detail != "removed" {
		test.Errorf("the last event: %+v", last)
	}

	if found.Invariants.QuorumLost || found.Invariants.MaxControllersOut != 0 || found.Invariants.MembershipChanges != 3 {
		test.Errorf("invariants: %+v", found.Invariants)
	}

	press(test, lab, via, 11, "faults", `{"fault":"off","set":true}`)

	if invariants := report(test, via).Invariants; !invariants.QuorumLost {
		test.Errorf("without its only member: %+v", invariants)
	}

	// A machine without power is out of the new record's service too.
	begun := record.Report{}
	if code := ask(test, via, http.MethodPost, "/record/reset", "", &begun); code != http.StatusOK || len(begun.Events) != 0 ||
		begun.Invariants.MembershipChanges != 0 || !begun.Invariants.QuorumLost {
		test.Errorf("a new record: %d %+v", code, begun)
	}
}
