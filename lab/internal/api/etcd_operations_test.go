package api_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	clientconfig "github.com/siderolabs/talos/pkg/machinery/client/config"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"k8s.io/client-go/tools/clientcmd"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/labtest"
)

func snapshotOf(test *testing.T, lab *labtest.Lab) []byte {
	test.Helper()

	reader, err := lab.Client(11, role.EtcdBackup).EtcdSnapshot(lab.Context(), &machine.EtcdSnapshotRequest{})
	labtest.Must(test, err)

	snapshot, err := io.ReadAll(reader)
	labtest.Must(test, err)

	return snapshot
}

func TestRecovery(test *testing.T) {
	lab := controller(test, 186, "v1.13.0")
	admin := lab.Admin(11)
	snapshot := snapshotOf(test, lab)

	before, err := admin.EtcdMemberList(lab.Context(), &machine.EtcdMemberListRequest{})
	labtest.Must(test, err)

	_, err = admin.EtcdRecover(lab.Context(), bytes.NewReader(snapshot))
	labtest.Must(test, err)
	said(test, admin.Bootstrap(lab.Context(), &machine.BootstrapRequest{RecoverEtcd: true}), codes.AlreadyExists,
		"etcd data directory is not empty")

	boots := lab.Machine(11).Boots()
	labtest.Must(test, admin.ResetGeneric(lab.Context(), &machine.ResetRequest{Reboot: true, SystemPartitionsToWipe: wiping("EPHEMERAL")}))
	lab.Eventually("an upload to the machine without data", func() error {
		if lab.Machine(11).Boots() <= boots {
			return errors.New("still the old boot")
		}

		_, err := admin.EtcdRecover(lab.Context(), bytes.NewReader(snapshot))

		return err
	})
	lab.Eventually("the recovery", func() error {
		return admin.Bootstrap(lab.Context(), &machine.BootstrapRequest{RecoverEtcd: true})
	})
	lab.Eventually("a member again", func() error {
		ctx, cancel := context.WithTimeout(lab.Context(), time.Second)
		defer cancel()

		after, err := admin.EtcdMemberList(ctx, &machine.EtcdMemberListRequest{})
		if err != nil {
			return err
		}

		// A recovered cluster is another one, so that nobody of before can meddle.
		if len(after.Messages[0].Members) != 1 || after.Messages[0].Members[0].Id == before.Messages[0].Members[0].Id {
			return errors.New("the members are those of before")
		}

		return nil
	})
	lab.Stage(11, runtime.MachineStageRunning)
}

func TestEtcdOperations(test *testing.T) {
	lab := labtest.Start(test, 187, "v1.13.0", 11, 12)

	_, err := lab.Insecure(11).EtcdAlarmDisarm(lab.Context())
	said(test, err, codes.PermissionDenied, "not authorized")

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	lab.Configure(12, machineconfig.TypeControlPlane, "controller-2", "v1.13.0")
	lab.Eventually("the bootstrap", func() error {
		return lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{})
	})
	lab.Stage(11, runtime.MachineStageRunning)
	lab.Stage(12, runtime.MachineStageRunning)

	admin := lab.Admin(11)

	said(test, admin.EtcdRemoveMemberByID(lab.Context(), &machine.EtcdRemoveMemberByIDRequest{MemberId: 1}), codes.NotFound,
		"failed to remove member 1: etcdserver: member not found")

	_, err = admin.EtcdDefragment(lab.Context())
	labtest.Must(test, err)

	_, err = admin.EtcdAlarmDisarm(lab.Context())
	labtest.Must(test, err)

	leader, err := admin.EtcdForfeitLeadership(lab.Context(), &machine.EtcdForfeitLeadershipRequest{})
	labtest.Must(test, err)

	if name := leader.Messages[0].Member; name != "controller-2" {
		test.Errorf("leads after the forfeit: %q", name)
	}

	labtest.Must(test, lab.Admin(12).EtcdLeaveCluster(lab.Context(), &machine.EtcdLeaveClusterRequest{}))

	if boot := lab.Machine(12).Boot(); boot.Etcd().Running() || boot.Etcd().HasData() {
		test.Error("a member that left still runs, or kept its data")
	}

	lab.Eventually("the only member", func() error {
		list, err := admin.EtcdMemberList(lab.Context(), &machine.EtcdMemberListRequest{})
		if err == nil && len(list.Messages[0].Members) != 1 {
			err = errors.New("more than one member")
		}

		return err
	})
}

func TestEtcdFaults(test *testing.T) {
	lab := controller(test, 188, "v1.13.0")
	target := lab.Machine(11)
	up := func(wanted bool) func() error {
		return func() error {
			if target.Boot().Services.IsUp("etcd") != wanted {
				return errors.New("not yet")
			}

			return nil
		}
	}

	labtest.Must(test, target.SetFault(lab.Context(), fault.EtcdDown))
	lab.Eventually("etcd is down", func() error {
		if target.Boot().Etcd().Running() {
			return errors.New("etcd runs")
		}

		return up(false)()
	})

	if _, err := lab.Admin(11).Version(lab.Context()); err != nil {
		test.Errorf("the API answers %v", err)
	}

	labtest.Must(test, target.LiftFault(lab.Context(), fault.EtcdDown))
	lab.Eventually("etcd is up again", up(true))

	before := target.Boot().Etcd().PID()
	labtest.Must(test, target.SetFault(lab.Context(), fault.MemberKilled))
	lab.Eventually("the killed member was noticed", up(false))
	lab.Eventually("the killed member is back", up(true))

	if target.Boot().Etcd().PID() == before {
		test.Error("the same program runs")
	}

	// The only member lost its data: it waits for a cluster that there is not.
	labtest.Must(test, target.SetFault(lab.Context(), fault.DataLost))
	labtest.Must(test, lab.Admin(11).Reboot(lab.Context()))
	lab.Stage(11, runtime.MachineStageRebooting)
	lab.Eventually("without data", func() error {
		boot := target.Boot()
		if boot == nil || !boot.BootstrapAllowed() || boot.Etcd().HasData() {
			return errors.New("not yet")
		}

		return nil
	})
}

func TestClientConfiguration(test *testing.T) {
	lab := controller(test, 189, "v1.13.0")
	admin := lab.Admin(11)

	_, err := admin.GenerateClientConfiguration(lab.Context(), &machine.GenerateClientConfigurationRequest{})
	said(test, err, codes.InvalidArgument, "crt_ttl should be positive")

	response, err := admin.GenerateClientConfiguration(lab.Context(), &machine.GenerateClientConfigurationRequest{
		Roles: []string{string(role.Reader)}, CrtTtl: durationpb.New(time.Hour),
	})
	labtest.Must(test, err)

	config, err := clientconfig.FromBytes(response.Messages[0].Talosconfig)
	labtest.Must(test, err)

	if config.Context != "reader@lab-test" {
		test.Errorf("context %q", config.Context)
	}

	lasts(test, response.Messages[0].Crt, time.Hour)

	kubeconfig, err := admin.Kubeconfig(lab.Context())
	labtest.Must(test, err)

	parsed, err := clientcmd.Load(kubeconfig)
	labtest.Must(test, err)

	for _, user := range parsed.AuthInfos {
		lasts(test, user.ClientCertificateData, 365*24*time.Hour)
	}
}

func lasts(test *testing.T, certificate []byte, lifetime time.Duration) {
	test.Helper()

	block, _ := pem.Decode(certificate)
	parsed, err := x509.ParseCertificate(block.Bytes)
	labtest.Must(test, err)

	if left := time.Until(parsed.NotAfter); left > lifetime || left < lifetime-time.Minute {
		test.Errorf("the certificate lasts %s, want %s", left, lifetime)
	}
}
