package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"talos-cluster/lab/internal/fault"
	"talos-cluster/lab/internal/fleet"
	"talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/profile"
)

// faultRequest sets or lifts one fault, or lifts all.
type faultRequest struct {
	Fault string `json:"fault"`
	Set   *bool  `json:"set"`
	Clear bool   `json:"clear"`
}

const faultHelp = `Send {"fault":"partition","set":true}, "set":false, or {"clear":true} for all`

func changeFault(request *http.Request, target *machine.Machine) error {
	body := faultRequest{}

	if err := read(request, &body, faultHelp); err != nil {
		return err
	}

	if body.Clear {
		return clearFaults(request.Context(), target)
	}

	if body.Set == nil {
		return fmt.Errorf("set: missing. %s", faultHelp)
	}

	name, err := fault.Parse(body.Fault)
	if err != nil {
		return err
	}

	if *body.Set {
		return target.SetFault(request.Context(), name)
	}

	return target.LiftFault(request.Context(), name)
}

func clearFaults(ctx context.Context, target *machine.Machine) error {
	failures := error(nil)

	for _, name := range target.Faults.Names() {
		failures = errors.Join(failures, target.LiftFault(ctx, name))
	}

	return failures
}

// registerFaults adds what acts on the whole lab.
func registerFaults(mux *http.ServeMux, lab *fleet.Fleet) {
	mux.HandleFunc("POST /machines/{address}/faults", onMachine(lab, changeFault))
	mux.HandleFunc("POST /machines/{address}/clock", onMachine(lab, func(request *http.Request, target *machine.Machine) error {
		offset, err := readOffset(request)
		if err == nil {
			target.SetClockError(offset)
		}

		return err
	}))
	mux.HandleFunc("POST /machines/{address}/medium", onMachine(lab, changeMedium))

	mux.HandleFunc("POST /faults/clear", onLab(lab, func(request *http.Request) error {
		failures := error(nil)
		for _, target := range lab.Machines {
			failures = errors.Join(failures, clearFaults(request.Context(), target))
		}

		return failures
	}))
	mux.HandleFunc("POST /clock", onLab(lab, func(request *http.Request) error {
		offset, err := readOffset(request)
		if err != nil {
			return err
		}

		for _, target := range lab.Machines {
			target.SetEra(offset)
		}

		return nil
	}))
	mux.HandleFunc("POST /record/reset", onLab(lab, func(*http.Request) error {
		lab.Recorder.Reset()

		return nil
	}))
}

func changeMedium(request *http.Request, target *machine.Machine) error {
	body := struct {
		TalosVersion string `json:"talosVersion"`
	}{}

	if err := read(request, &body, `Send {"talosVersion":"v1.12.0"}`); err != nil {
		return err
	}

	behaviour, err := profile.Parse(body.TalosVersion)
	if err != nil {
		return fmt.Errorf("talosVersion: %w", err)
	}

	return target.SetMedium(request.Context(), behaviour)
}

func readOffset(request *http.Request) (time.Duration, error) {
	body := struct {
		Offset string `json:"offset"`
	}{}

	const help = `Send {"offset":"8760h"}, "-24h" or "0s"`

	if err := read(request, &body, help); err != nil {
		return 0, err
	}

	offset, err := time.ParseDuration(body.Offset)
	if err != nil {
		return 0, fmt.Errorf("offset: %q is no duration. %s", body.Offset, help)
	}

	return offset, nil
}

func read(request *http.Request, body any, help string) error {
	decoder := json.NewDecoder(request.Body)
	decoder.DisallowUnknownFields()

	if err := decoder.Decode(body); err != nil {
		return fmt.Errorf("body: not understood: %w. %s", err, help)
	}

	return nil
}

// onLab acts on the whole lab and answers with its report.
func onLab(lab *fleet.Fleet, act func(*http.Request) error) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		if err := act(request); err != nil {
			refuse(response, http.StatusBadRequest, err)

			return
		}

		reply(response, http.StatusOK, lab.Recorder.Report())
	}
}
