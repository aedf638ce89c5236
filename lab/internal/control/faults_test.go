package control_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cosi-project/runtime/pkg/safe"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/hardware"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	timeresource "github.com/siderolabs/talos/pkg/machinery/resources/time"
	"google.golang.org/grpc/codes"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/labtest"
	"talos-cluster/lab/internal/record"
)

// press posts to one machine and returns it as it is reported then.
func press(test *testing.T, lab *labtest.Lab, via *http.Client, host int, what, body string) record.Machine {
	test.Helper()

	described := record.Machine{}
	if code := ask(test, via, http.MethodPost, "/machines/"+lab.Address(host)+"/"+what, body, &described); code != http.StatusOK {
		test.Fatalf("%s %s: %d", what, body, code)
	}

	return described
}

func report(test *testing.T, via *http.Client) record.Report {
	test.Helper()

	found := record.Report{}
	ask(test, via, http.MethodGet, "/report", "", &found)

	return found
}

func TestFaultsAreSetAndLifted(test *testing.T) {
	lab := labtest.Start(test, 240, "v1.13.0", 11, 12)
	via := connect(test, lab)

	press(test, lab, via, 11, "faults", `{"fault":"slow-boot","set":true}`)

	if found := press(test, lab, via, 11, "faults", `{"fault":"etcd-down","set":true}`); !slices.Equal(found.Faults, []fault.Name{fault.SlowBoot, fault.EtcdDown}) {
		test.Errorf("set: %q", found.Faults)
	}

	if found := press(test, lab, via, 11, "faults", `{"fault":"slow-boot","set":false}`); !slices.Equal(found.Faults, []fault.Name{fault.EtcdDown}) {
		test.Errorf("lifted: %q", found.Faults)
	}

	if found := press(test, lab, via, 12, "faults", `{"fault":"hang","set":true}`); found.Power != "hang" {
		test.Errorf("hang: %+v", found)
	}

	// The power button has one state: off is no longer hanging.
	if found := press(test, lab, via, 12, "power", `{"state":"off"}`); !slices.Equal(found.Faults, []fault.Name{fault.Off}) {
		test.Errorf("off: %+v", found)
	}

	if found := press(test, lab, via, 11, "faults", `{"clear":true}`); len(found.Faults) > 0 {
		test.Errorf("cleared: %q", found.Faults)
	}

	cleared := record.Report{}
	if code := ask(test, via, http.MethodPost, "/faults/clear", "", &cleared); code != http.StatusOK || len(cleared.Machines[1].Faults) > 0 || cleared.Machines[1].Power != "on" {
		test.Errorf("all cleared: %d %+v", code, cleared.Machines)
	}
}

func TestFaultsRefusesWhatIsNone(test *testing.T) {
	lab := labtest.Start(test, 241, "v1.13.0", 11)
	via := connect(test, lab)

	for _, sample := range []struct{ path, body, text string }{
		{"faults", `{"fault":"fire","set":true}`, `fault "fire": unknown. Known are never-returns, slow-boot`},
		{"faults", `{"fault":"hang"}`, "set: missing. Send"},
		{"faults", `{"fault":"hang","on":true}`, `unknown field "on". Send`},
		{"clock", `{"offset":"tomorrow"}`, `offset: "tomorrow" is no duration. Send`},
		{"medium", `{"talosVersion":"v1.9.0"}`, `talosVersion: Talos version "v1.9.0": not emulated`},
	} {
		refusal := map[string]string{}
		if code := ask(test, via, http.MethodPost, "/machines/"+lab.Address(11)+"/"+sample.path, sample.body, &refusal); code != http.StatusBadRequest || !strings.Contains(refusal["error"], sample.text) {
			test.Errorf("%s: %d %q", sample.body, code, refusal["error"])
		}
	}
}

func uuidOf(lab *labtest.Lab, via *client.Client) (string, error) {
	information, err := safe.StateGetByID[*hardware.SystemInformation](lab.Context(), via.COSI, hardware.SystemInformationID)
	if err != nil {
		return "", err
	}

	return information.TypedSpec().UUID, nil
}

func TestStranger(test *testing.T) {
	lab := labtest.Start(test, 242, "v1.13.0", 11)
	via := connect(test, lab)

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	own, err := uuidOf(lab, lab.Admin(11))
	labtest.Must(test, err)

	press(test, lab, via, 11, "faults", `{"fault":"stranger","set":true}`)
	lab.Stage(11, runtime.MachineStageMaintenance)

	lab.Eventually("a stranger with another UUID", func() error {
		found, err := uuidOf(lab, lab.Insecure(11))
		if err == nil && found == own {
			err = fmt.Errorf("UUID %s is the machine's own", found)
		}

		return err
	})

	if described := report(test, via).Machines[0]; described.Name != "" || described.Role != "" {
		test.Errorf("the stranger is configured: %+v", described)
	}

	// A dry run sends the secrets just as well.
	_, err = lab.Insecure(11).ApplyConfiguration(lab.Context(), &machine.ApplyConfigurationRequest{
		Data: lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0"), DryRun: true,
	})
	labtest.Must(test, err)

	if invariants := report(test, via).Invariants; invariants.SecretsToStrangers != 1 || invariants.InsecureConfigsAfterFirstApply != 0 {
		test.Errorf("invariants: %+v", invariants)
	}

	press(test, lab, via, 11, "faults", `{"fault":"stranger","set":false}`)
	lab.Eventually("the old machine", func() error {
		found, err := uuidOf(lab, lab.Admin(11))
		if err == nil && found != own {
			err = fmt.Errorf("UUID is %s", found)
		}

		return err
	})
}

func TestCertificateMismatch(test *testing.T) {
	lab := labtest.Start(test, 243, "v1.13.0", 11)
	via := connect(test, lab)

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	call := func() error {
		_, err := lab.Admin(11).Version(lab.Context())

		return err
	}

	press(test, lab, via, 11, "faults", `{"fault":"certificate-mismatch","set":true}`)
	lab.Eventually("a certificate for another address", func() error {
		err := call()
		if err == nil || !strings.Contains(err.Error(), "certificate is valid for 192.0.2.1, not "+lab.Address(11)) {
			return fmt.Errorf("call: %v", err)
		}

		return nil
	})

	press(test, lab, via, 11, "faults", `{"fault":"certificate-mismatch","set":false}`)
	lab.Eventually("its own certificate", call)
}

func TestConcurrentApply(test *testing.T) {
	lab := labtest.Start(test, 244, "v1.13.0", 11)
	via := connect(test, lab)

	press(test, lab, via, 11, "faults", `{"fault":"concurrent-apply","set":true}`)

	_, err := lab.Insecure(11).ApplyConfiguration(lab.Context(), &machine.ApplyConfigurationRequest{
		Data: lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0"),
	})
	if client.StatusCode(err) != codes.FailedPrecondition || !strings.Contains(err.Error(), "another apply configuration is already in progress") {
		test.Errorf("apply: %v", err)
	}

	press(test, lab, via, 11, "faults", `{"clear":true}`)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
}

// clockIs looks whether a machine takes its clock for right.
func clockIs(lab *labtest.Lab, via *client.Client, synced bool) error {
	status, err := safe.StateGetByID[*timeresource.Status](lab.Context(), via.COSI, timeresource.StatusID)
	if err == nil && status.TypedSpec().Synced != synced {
		err = fmt.Errorf("time.Status: synced %t", status.TypedSpec().Synced)
	}

	return err
}

// refused looks whether the machine takes a client's certificate for one of another time. Now and then the connection
// ends before the client has read why.
func refused(lab *labtest.Lab) error {
	_, err := lab.Admin(11).Version(lab.Context())
	if err == nil || !strings.Contains(err.Error(), "expired certificate") {
		return fmt.Errorf("call: %v", err)
	}

	return nil
}

func TestMachineClock(test *testing.T) {
	lab := labtest.Start(test, 245, "v1.13.0", 11)
	via := connect(test, lab)

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")

	kept := lab.Admin(11)
	_, err := kept.Version(lab.Context())
	labtest.Must(test, err)

	if found := press(test, lab, via, 11, "clock", `{"offset":"17520h"}`); found.ClockOffsetSeconds != 17520*3600 {
		test.Errorf("clock: %v", found.ClockOffsetSeconds)
	}

	lab.Eventually("a new connection", func() error { return refused(lab) })

	lab.Eventually("an unsynced clock", func() error { return clockIs(lab, kept, false) })

	_, err = kept.MachineClient.Bootstrap(lab.Context(), &machine.BootstrapRequest{})
	if client.StatusCode(err) != codes.FailedPrecondition || !strings.Contains(err.Error(), "time is not in sync yet") {
		test.Errorf("bootstrap: %v", err)
	}

	press(test, lab, via, 11, "clock", `{"offset":"0s"}`)
	labtest.Must(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}))
}

func TestLabClock(test *testing.T) {
	lab := labtest.Start(test, 246, "v1.13.0", 11)
	via := connect(test, lab)

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	ask(test, via, http.MethodPost, "/clock", `{"offset":"30m"}`, &record.Report{})

	kept := lab.Admin(11)
	labtest.Must(test, clockIs(lab, kept, true))

	// The client's certificate of the test is valid for an hour.
	ask(test, via, http.MethodPost, "/clock", `{"offset":"2h"}`, &record.Report{})

	lab.Eventually("two hours on", func() error { return refused(lab) })

	ask(test, via, http.MethodPost, "/clock", `{"offset":"-2h"}`, &record.Report{})

	lab.Eventually("two hours before", func() error { return refused(lab) })
}

func TestMedium(test *testing.T) {
	lab := labtest.Start(test, 247, "v1.13.0", 11)
	via := connect(test, lab)

	press(test, lab, via, 11, "medium", `{"talosVersion":"v1.12.1"}`)
	lab.Stage(11, runtime.MachineStageMaintenance)

	if found := report(test, via).Machines[0]; found.TalosVersion != "v1.12.1" {
		test.Errorf("boots %s", found.TalosVersion)
	}
}

func TestHang(test *testing.T) {
	lab := labtest.Start(test, 248, "v1.13.0", 11)
	via := connect(test, lab)

	press(test, lab, via, 11, "faults", `{"fault":"hang","set":true}`)

	connection, err := net.Dial("tcp", net.JoinHostPort(lab.Address(11), "50000"))
	labtest.Must(test, err)

	defer connection.Close() //nolint:errcheck

	press(test, lab, via, 11, "faults", `{"fault":"hang","set":false}`)
	lab.Eventually("an answer", func() error {
		answering, err := tls.Dial("tcp", net.JoinHostPort(lab.Address(11), "50000"), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec
		if err != nil {
			return err
		}

		return answering.Close()
	})

	if found := report(test, via).Machines[0]; found.Power != "on" || len(found.Faults) > 0 {
		test.Errorf("lifted: %+v", found)
	}
}
