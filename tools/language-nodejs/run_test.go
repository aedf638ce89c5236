package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// program returns a request whose program is run by a node that is a shell script with this body.
func program(t *testing.T, body string) *pulumirpc.RunRequest {
	t.Helper()
	root := writeFiles(t, map[string]string{
		"bin/node": "#!/bin/sh\n" + body + "\n",
		"node_modules/@pulumi/pulumi/cmd/run/index.js": "",
	})
	t.Setenv("PATH", filepath.Join(root, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	return &pulumirpc.RunRequest{Info: &pulumirpc.ProgramInfo{ProgramDirectory: root, EntryPoint: "."}}
}

func TestRunTellsHowTheProgramEnded(t *testing.T) {
	tests := map[string]struct {
		body  string
		bail  bool
		error string
	}{
		"well":                        {"exit 0", false, ""},
		"with an error it reported":   {"exit 32", true, ""},
		"with an error of its own":    {"exit 3", false, "Program exited with non-zero exit code: 3"},
		"by a signal":                 {"kill -9 $$", false, "Program was ended by a signal: signal: killed"},
		"leaving a child behind":      {"sleep 5 & exit 0", false, ""},
		"in the program's directory":  {`test "$(pwd -P)" = "$(cd -P "$(dirname "$0")/.." && pwd)"`, false, ""},
		"with the engine's addresses": {`case "$*" in *"--engine e:1"*) ;; *) exit 4;; esac`, false, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			response, err := newHost("e:1", "").Run(context.Background(), program(t, test.body))
			if err != nil {
				t.Fatal(err)
			}
			if response.GetBail() != test.bail || response.GetError() != test.error {
				t.Errorf("got bail %v, error %q", response.GetBail(), response.GetError())
			}
		})
	}
}

func TestRunWithoutTheSDK(t *testing.T) {
	req := program(t, "exit 0")
	if err := os.RemoveAll(filepath.Join(req.GetInfo().GetProgramDirectory(), "node_modules")); err != nil {
		t.Fatal(err)
	}
	response, err := newHost("", "").Run(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(response.GetError(), "npm ci") {
		t.Errorf("got %q, want what to run", response.GetError())
	}
}

func TestCancelledProgramEnds(t *testing.T) {
	tests := map[string]string{
		"at once, when it takes the interrupt": `exec sleep 60`,
		"killed, when it does not":             `trap "" INT; while :; do sleep 0.05; done`,
	}
	for name, body := range tests {
		for _, who := range []string{"engine", "host"} {
			t.Run(who+" "+name, func(t *testing.T) {
				pidFile := filepath.Join(t.TempDir(), "pid")
				req := program(t, "echo $$ > "+pidFile+"\n"+body)
				h := newHost("", "")
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()

				ended := make(chan *pulumirpc.RunResponse, 1)
				go func() {
					response, _ := h.Run(ctx, req)
					ended <- response
				}()
				pid := waitForPid(t, pidFile)
				if who == "engine" {
					cancel()
				} else {
					h.cancel()
				}

				select {
				case response := <-ended:
					if response.GetError() == "" {
						t.Error("a program that was cut short counts as done")
					}
				case <-time.After(3 * interruptGrace):
					t.Fatal("Run goes on")
				}
				if err := syscall.Kill(pid, 0); err == nil {
					t.Error("the program lives on")
				}
			})
		}
	}
}

func waitForPid(t *testing.T, path string) int {
	t.Helper()
	for range 500 {
		contents, err := os.ReadFile(path)
		if pid, parseErr := strconv.Atoi(strings.TrimSpace(string(contents))); err == nil && parseErr == nil {
			return pid
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the program did not start")
	return 0
}
