package control_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"

	"talos-cluster/lab/internal/control"
	"talos-cluster/lab/internal/labtest"
	"talos-cluster/lab/internal/record"
)

// connect serves a lab's control socket and returns a client of it.
func connect(test *testing.T, lab *labtest.Lab) *http.Client {
	test.Helper()

	// Not test.TempDir: a socket's path may have 107 characters only.
	directory, err := os.MkdirTemp("", "lab")
	labtest.Must(test, err)

	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	path := filepath.Join(directory, "control.sock")

	go func() { served <- control.Serve(ctx, path, lab.Fleet) }()

	test.Cleanup(func() {
		cancel()
		labtest.Must(test, <-served)
		os.RemoveAll(directory) //nolint:errcheck
	})

	lab.Eventually("the socket", func() error {
		_, err := os.Stat(path)

		return err
	})

	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
}

func ask(test *testing.T, via *http.Client, method, path, body string, answer any) int {
	test.Helper()

	request, err := http.NewRequestWithContext(test.Context(), method, "http://lab"+path, strings.NewReader(body))
	labtest.Must(test, err)

	response, err := via.Do(request)
	labtest.Must(test, err)

	defer response.Body.Close() //nolint:errcheck

	labtest.Must(test, json.NewDecoder(response.Body).Decode(answer))

	return response.StatusCode
}

func TestControl(test *testing.T) {
	lab := labtest.Start(test, 221, "v1.12.0", 11)
	via := connect(test, lab)
	address := lab.Address(11)

	var report record.Report
	if code := ask(test, via, http.MethodGet, "/report", "", &report); code != http.StatusOK {
		test.Fatalf("report: %d", code)
	}

	if found := report.Machines[0]; found.Address != address || found.Role != "" || found.TalosVersion != "v1.12.0" ||
		found.Boots != 1 || found.Applies == nil {
		test.Errorf("report: %+v", found)
	}

	var described record.Machine
	if code := ask(test, via, http.MethodPost, "/machines/"+address+"/power", `{"state":"off"}`, &described); code != http.StatusOK ||
		described.Power != "off" || described.Stage != "off" {
		test.Errorf("off: %d %+v", code, described)
	}

	if code := ask(test, via, http.MethodPost, "/machines/"+address+"/power", `{"state":"on"}`, &described); code != http.StatusOK ||
		described.Power != "on" {
		test.Errorf("on: %d %+v", code, described)
	}

	for path, sample := range map[string]struct {
		body string
		code int
		text string
	}{
		"/machines/127.0.0.9/power":         {`{"state":"on"}`, http.StatusNotFound, `machine "127.0.0.9": not in this lab`},
		"/machines/" + address + "/power":   {`{`, http.StatusBadRequest, "body: not JSON"},
		"/machines/" + address + "/power?x": {`{"state":"up"}`, http.StatusBadRequest, `power "up": unknown. Use on, off or hang`},
	} {
		refusal := map[string]string{}
		if code := ask(test, via, http.MethodPost, path, sample.body, &refusal); code != sample.code || !strings.Contains(refusal["error"], sample.text) {
			test.Errorf("%s: %d %q", path, code, refusal["error"])
		}
	}
}

func TestRecord(test *testing.T) {
	lab := labtest.Start(test, 222, "v1.13.0", 11)
	via := connect(test, lab)

	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	labtest.Must(test, lab.Admin(11).Bootstrap(lab.Context(), &machine.BootstrapRequest{}))

	var report record.Report

	lab.Eventually("one serving member", func() error {
		ask(test, via, http.MethodGet, "/report", "", &report)

		return lab.Machine(11).Boot().Etcd().Healthy(lab.Context())
	})

	lab.Eventually("etcd is up", func() error { return lab.Machine(11).Boot().Services.Up("etcd").Wait(lab.Context()) })

	// The recorder looks when a status changes; the one of etcd is among the last.
	time.Sleep(100 * time.Millisecond)
	ask(test, via, http.MethodGet, "/report", "", &report)

	if found := report.Machines[0]; found.Name != "controller-1" || found.Role != "controller" || found.KubernetesVersion != "v1.35.0" ||
		found.Bootstraps != 1 || len(found.Applies) != 1 || !found.Applies[0].Insecure || found.Boots != 2 {
		test.Errorf("report: %+v", found)
	}

	if report.Invariants.QuorumLost || report.Invariants.InsecureConfigsAfterFirstApply != 0 || report.Invariants.Bootstraps != 1 {
		test.Errorf("invariants before: %+v", report.Invariants)
	}

	ask(test, via, http.MethodPost, "/machines/"+lab.Address(11)+"/wipe", "", &record.Machine{})
	lab.Stage(11, runtime.MachineStageMaintenance)
	lab.Apply(11, lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0"))
	ask(test, via, http.MethodGet, "/report", "", &report)

	if !report.Invariants.QuorumLost || report.Invariants.InsecureConfigsAfterFirstApply != 1 {
		test.Errorf("invariants after: %+v", report.Invariants)
	}
}
