// Package control is the lab's own interface: a unix socket that reports and that presses the machines' buttons.
package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"talos-cluster/lab/internal/fleet"
	"talos-cluster/lab/internal/machine"
	"talos-cluster/lab/internal/resources"
)

// Serve answers on the socket at path until ctx ends.
func Serve(ctx context.Context, path string, fleet *fleet.Fleet) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("%s: cannot be a socket: %w. Its path may have 107 characters, this one has %d", path, err, len(path))
	}

	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}

	server := &http.Server{Handler: handler(fleet), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() }) //nolint:errcheck

	defer stop()

	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}

	return nil
}

func handler(fleet *fleet.Fleet) http.Handler {
	mux := http.NewServeMux()

	mux.HandleFunc("GET /report", func(response http.ResponseWriter, _ *http.Request) {
		reply(response, http.StatusOK, fleet.Recorder.Report())
	})

	mux.HandleFunc("POST /machines/{address}/power", onMachine(fleet, func(request *http.Request, target *machine.Machine) error {
		body := struct {
			State machine.Power `json:"state"`
		}{}

		if err := json.NewDecoder(request.Body).Decode(&body); err != nil {
			return fmt.Errorf("body: not JSON: %w. Send {\"state\":\"on\"}, \"off\" or \"hang\"", err)
		}

		return target.SetPower(request.Context(), body.State)
	}))

	mux.HandleFunc("POST /machines/{address}/wipe", onMachine(fleet, func(request *http.Request, target *machine.Machine) error {
		return target.Wipe(request.Context())
	}))

	mux.HandleFunc("POST /machines/{address}/image", onMachine(fleet, func(request *http.Request, target *machine.Machine) error {
		image := resources.Image{}

		if err := json.NewDecoder(request.Body).Decode(&image); err != nil {
			return fmt.Errorf("body: not an image: %w. Send {\"secureBoot\":true,\"extensions\":[{\"name\":\"iscsi-tools\",\"version\":\"v0.2.0\"}]}", err)
		}

		return target.SetImage(image)
	}))

	registerFaults(mux, fleet)

	return mux
}

// onMachine finds the machine a request names and answers with what became of it.
func onMachine(fleet *fleet.Fleet, act func(*http.Request, *machine.Machine) error) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		address := request.PathValue("address")

		target := fleet.Find(address)
		if target == nil {
			refuse(response, http.StatusNotFound, fmt.Errorf("machine %q: not in this lab. GET /report lists them", address))

			return
		}

		if err := act(request, target); err != nil {
			refuse(response, http.StatusBadRequest, err)

			return
		}

		for _, described := range fleet.Recorder.Report().Machines {
			if described.Address == address {
				reply(response, http.StatusOK, described)
			}
		}
	}
}

func refuse(response http.ResponseWriter, code int, err error) {
	reply(response, code, map[string]string{"error": err.Error()})
}

func reply(response http.ResponseWriter, code int, body any) {
	response.Header().Set("Content-Type", "application/json")
	response.WriteHeader(code)
	json.NewEncoder(response).Encode(body) //nolint:errcheck // the caller is gone
}
