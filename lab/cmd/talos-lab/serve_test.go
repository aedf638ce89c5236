package main

import (
	"strings"
	"testing"
	"time"
)

func TestParse(test *testing.T) {
	options, err := parse([]string{
		"--directory", "lab", "--endpoint", "127.0.50.1", "--machines", "127.0.50.11,127.0.50.12", "--boot", "v1.12.0", "--install-time", "3s",
	})
	if err != nil {
		test.Fatal(err)
	}

	if len(options.Machines) != 2 || options.Endpoint.String() != "127.0.50.1" || options.Boot.Tag != "v1.12.0" ||
		options.Timing.Install != 3*time.Second || options.Directory == "lab" {
		test.Errorf("options %+v", options)
	}
}

func TestParseRefuses(test *testing.T) {
	for _, sample := range []struct {
		arguments string
		text      string
	}{
		{"--machines 127.0.0.2", "--directory: missing"},
		{"--directory d --machines 192.168.1.10", `--machines: "192.168.1.10" is not an address of 127.0.0.0/8`},
		{"--directory d --machines 127.0.0.2,", `--machines: "" is not an address`},
		{"--directory d --machines ::1", `--machines: "::1" is not an address`},
		{"--directory d --machines 127.0.0.2 --endpoint lab", `--endpoint: "lab" is not an address`},
		{"--directory d --machines 127.0.0.2 --boot v1.9.0", `--boot: Talos version "v1.9.0": not emulated`},
		{"--directory d --machines 127.0.0.2 --boot newest", `--boot: Talos version "newest": not a version`},
	} {
		if _, err := parse(strings.Fields(sample.arguments)); err == nil || !strings.Contains(err.Error(), sample.text) {
			test.Errorf("%s: %v, want %q", sample.arguments, err, sample.text)
		}
	}
}
