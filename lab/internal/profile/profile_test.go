package profile_test

import (
	"strings"
	"testing"

	"talos-cluster/lab/internal/profile"
)

func TestParse(test *testing.T) {
	for tag, message := range map[string]string{
		"v1.12.0":      "",
		"v1.13.4":      "",
		"v1.13.0-rc.1": "",
		"1.13.0":       "not a version",
		"latest":       "not a version",
		"":             "not a version",
		"v1.11.5":      "not emulated",
		"v1.14.0":      "not emulated",
	} {
		_, err := profile.Parse(tag)

		switch {
		case message == "" && err != nil:
			test.Errorf("%q: %v", tag, err)
		case message != "" && (err == nil || !strings.Contains(err.Error(), message)):
			test.Errorf("%q: error %v, want %q", tag, err, message)
		}
	}
}

func TestDecodeKnowsTheKindsOfItsVersion(test *testing.T) {
	document := []byte("apiVersion: v1alpha1\nkind: EnvironmentConfig\nvariables:\n  A: b\n")

	older, _ := profile.Parse("v1.12.0")
	if _, err := older.Decode(document); err == nil || err.Error() != `"EnvironmentConfig" "v1alpha1": not registered` {
		test.Errorf("1.12: %v", err)
	}

	newer, _ := profile.Parse("v1.13.0")
	if _, err := newer.Decode(document); err != nil {
		test.Errorf("1.13: %v", err)
	}
}

func TestTagOfImage(test *testing.T) {
	for reference, tag := range map[string]string{
		"ghcr.io/siderolabs/installer:v1.13.0":             "v1.13.0",
		"factory.example:5000/metal-installer/abc:v1.12.0": "v1.12.0",
		"registry.example:5000/installer":                  "",
		"example.org/installer:v1.13.0@sha256:0123":        "v1.13.0",
		"": "",
	} {
		if found := profile.TagOfImage(reference); found != tag {
			test.Errorf("%q: tag %q, want %q", reference, found, tag)
		}
	}
}
