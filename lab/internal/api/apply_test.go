package api_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/client"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"talos-cluster/lab/internal/labtest"
)

type request = machine.ApplyConfigurationRequest

const (
	auto     = machine.ApplyConfigurationRequest_AUTO
	reboot   = machine.ApplyConfigurationRequest_REBOOT
	noReboot = machine.ApplyConfigurationRequest_NO_REBOOT
	staged   = machine.ApplyConfigurationRequest_STAGED
	try      = machine.ApplyConfigurationRequest_TRY
)

// said checks code and text of an answer; code OK means that there must be no error.
func said(test *testing.T, err error, code codes.Code, text string) {
	test.Helper()

	if status.Code(err) != code || code != codes.OK && !strings.Contains(status.Convert(err).Message(), text) {
		test.Errorf("answer %v, want %s %q", err, code, text)
	}
}

func apply(test *testing.T, lab *labtest.Lab, to *client.Client, request *request) (*machine.ApplyConfiguration, error) {
	test.Helper()

	response, err := to.ApplyConfiguration(lab.Context(), request)
	if err != nil {
		return nil, err
	}

	return response.Messages[0], nil
}

func TestApplyInMaintenance(test *testing.T) {
	lab := labtest.Start(test, 201, "v1.13.0", 11)
	insecure := lab.Insecure(11)
	config := lab.Config(machineconfig.TypeWorker, "worker-1", "v1.13.0")

	for mode, resolved := range map[machine.ApplyConfigurationRequest_Mode]machine.ApplyConfigurationRequest_Mode{
		auto: noReboot, reboot: noReboot, noReboot: noReboot, staged: staged, try: try,
	} {
		answer, err := apply(test, lab, insecure, &request{Data: config, Mode: mode, DryRun: true})
		labtest.Must(test, err)

		if answer.Mode != resolved || !strings.HasPrefix(answer.ModeDetails, "Dry run summary:\n") ||
			!strings.Contains(answer.ModeDetails, "\nConfig diff:\n\n--- a\n+++ b\n@@ -0,0 +1,") {
			test.Errorf("dry run of %s: %s %.80q", mode, answer.Mode, answer.ModeDetails)
		}
	}

	for name, sample := range map[string]struct {
		data string
		text string
	}{
		"not YAML":     {"{", "yaml"},
		"empty":        {"", "config not found"},
		"unknown kind": {"apiVersion: v1alpha1\nkind: NoSuchConfig\n", `"NoSuchConfig" "v1alpha1": not registered`},
		"unknown key":  {"version: v1alpha1\nmachine:\n  bogus: 1\n", "unknown keys found during decoding:\nmachine:\n    bogus: 1"},
		"no cluster":   {"version: v1alpha1\nmachine:\n  type: worker\n", "cluster instructions are required"},
	} {
		_, err := apply(test, lab, insecure, &request{Data: []byte(sample.data), DryRun: true})
		test.Run(name, func(test *testing.T) { said(test, err, codes.InvalidArgument, sample.text) })
	}

	tooNew := lab.Config(machineconfig.TypeWorker, "worker-1", "v1.13.0",
		"machine:\n  kubelet:\n    image: ghcr.io/siderolabs/kubelet:v1.37.0\n")
	_, err := apply(test, lab, insecure, &request{Data: tooNew, DryRun: true})
	said(test, err, codes.InvalidArgument, "version of Kubernetes 1.37.0 is too new to be used with Talos 1.13.0")

	noDisk := lab.Config(machineconfig.TypeWorker, "worker-1", "v1.13.0", "machine:\n  install:\n    diskSelector:\n      size: '> 1TB'\n")
	_, err = apply(test, lab, insecure, &request{Data: noDisk, DryRun: true})
	said(test, err, codes.InvalidArgument, "no disks matched the expression")

	_, err = apply(test, lab, insecure, &request{Data: config, Mode: 9})
	said(test, err, codes.Unknown, "incorrect mode '9' specified for the apply config call")
}

func TestPartialAndStagedConfigsLeaveAMachineInMaintenance(test *testing.T) {
	lab := labtest.Start(test, 202, "v1.13.0", 11)
	insecure := lab.Insecure(11)

	partial := []byte("apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: early\n")
	_, err := apply(test, lab, insecure, &request{Data: partial, Mode: auto})
	labtest.Must(test, err)

	if name := lab.Machine(11).Hostname(); name != "early" {
		test.Errorf("hostname %q", name)
	}

	answer, err := apply(test, lab, insecure, &request{Data: lab.Config(machineconfig.TypeControlPlane, "c", "v1.13.0"), Mode: staged})
	labtest.Must(test, err)

	if answer.ModeDetails != "Staged configuration to be applied after the next reboot" {
		test.Errorf("details %q", answer.ModeDetails)
	}

	time.Sleep(200 * time.Millisecond)
	lab.Stage(11, runtime.MachineStageMaintenance)
}

func TestApplyOnALiveMachine(test *testing.T) {
	lab := labtest.Start(test, 204, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	admin := lab.Admin(11)

	immediate := lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0", "machine:\n  nodeLabels:\n    a: b\n")
	needsReboot := lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0", "machine:\n  env:\n    A: b\n")

	for _, sample := range []struct {
		data     []byte
		mode     machine.ApplyConfigurationRequest_Mode
		resolved machine.ApplyConfigurationRequest_Mode
		details  string
	}{
		{immediate, auto, noReboot, "Applied configuration without a reboot"},
		{immediate, noReboot, noReboot, "Applied configuration without a reboot"},
		{immediate, try, try, "Applied configuration without a reboot"},
		{immediate, reboot, reboot, "Applied configuration with a reboot"},
		{immediate, staged, staged, "Staged configuration to be applied after the next reboot"},
		{needsReboot, auto, reboot, "Applied configuration with a reboot"},
		{needsReboot, staged, staged, "Staged configuration to be applied after the next reboot"},
	} {
		answer, err := apply(test, lab, admin, &request{Data: sample.data, Mode: sample.mode, DryRun: true})
		labtest.Must(test, err)

		want := "Dry run summary:\n" + sample.details + " (skipped in dry-run).\nConfig diff:\n\n--- a\n+++ b\n"
		if answer.Mode != sample.resolved || !strings.HasPrefix(answer.ModeDetails, want) {
			test.Errorf("%s: %s %.120q", sample.mode, answer.Mode, answer.ModeDetails)
		}
	}

	for _, mode := range []machine.ApplyConfigurationRequest_Mode{noReboot, try} {
		_, err := apply(test, lab, admin, &request{Data: needsReboot, Mode: mode})
		said(test, err, codes.InvalidArgument, "this config change can't be applied in immediate mode\ndiff:\n--- a\n+++ b\n")
	}

	_, err := apply(test, lab, admin, &request{Data: []byte("apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: x\n")})
	said(test, err, codes.InvalidArgument, "the applied machine configuration doesn't contain v1alpha1 config")

	same, err := apply(test, lab, admin, &request{
		Data: lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0"), Mode: auto, DryRun: true,
	})
	labtest.Must(test, err)

	if !strings.HasSuffix(same.ModeDetails, "Config diff:\n\nNo changes.") {
		test.Errorf("no change: %q", same.ModeDetails)
	}
}

func TestAnApplyThatReboots(test *testing.T) {
	lab := labtest.Start(test, 205, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	before := lab.Machine(11).Boot().ID

	answer, err := apply(test, lab, lab.Admin(11), &request{
		Data: lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0", "machine:\n  env:\n    A: b\n"), Mode: auto,
	})
	labtest.Must(test, err)

	if answer.Mode != reboot || !strings.HasPrefix(answer.ModeDetails,
		"Applied configuration with a reboot: this config change can't be applied in immediate mode\ndiff:\n") {
		test.Errorf("answer %s %q", answer.Mode, answer.ModeDetails)
	}

	lab.Eventually("a boot with the new config", func() error {
		boot := lab.Machine(11).Boot()
		if boot == nil || boot.ID == before || boot.Config() == nil || boot.Config().RawV1Alpha1().MachineConfig.MachineEnv["A"] != "b" {
			return errors.New("not yet")
		}

		return nil
	})

	report := lab.Recorder.Report()
	applies := report.Machines[0].Applies

	if len(applies) != 2 || !applies[0].Insecure || applies[1].Insecure || !applies[1].Rebooted || applies[1].ResolvedMode != "REBOOT" {
		test.Errorf("record: %+v", applies)
	}
}

func TestTryIsRevertedUnlessSomethingElseIsApplied(test *testing.T) {
	lab := labtest.Start(test, 206, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	admin := lab.Admin(11)

	labelled := func(value string) []byte {
		return lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0", "machine:\n  nodeLabels:\n    tried: "+value+"\n")
	}
	label := func() string { return lab.Machine(11).Boot().Config().Machine().NodeLabels()["tried"] }

	answer, err := apply(test, lab, admin, &request{
		Data: labelled("first"), Mode: try, TryModeTimeout: durationpb.New(300 * time.Millisecond),
	})
	labtest.Must(test, err)

	if !strings.HasSuffix(answer.ModeDetails, "\nThe config is applied in 'try' mode and will be automatically reverted back in 300ms") {
		test.Errorf("details %q", answer.ModeDetails)
	}

	if label() != "first" {
		test.Error("the tried config is not active")
	}

	lab.Eventually("reverted", func() error {
		if label() != "" {
			return errors.New("still tried")
		}

		return nil
	})

	_, err = apply(test, lab, admin, &request{Data: labelled("second"), Mode: try, TryModeTimeout: durationpb.New(200 * time.Millisecond)})
	labtest.Must(test, err)
	_, err = apply(test, lab, admin, &request{Data: labelled("third"), Mode: noReboot})
	labtest.Must(test, err)
	time.Sleep(400 * time.Millisecond)

	if label() != "third" {
		test.Errorf("label %q: a later apply did not end the try", label())
	}
}
