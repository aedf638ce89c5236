package profile_test

import (
	"strings"
	"testing"

	"talos-cluster/lab/internal/profile"
)

func TestParseInstaller(test *testing.T) {
	id := strings.Repeat("ab", 32)

	for reference, want := range map[string]struct {
		tag, schematic string
		installer      bool
	}{
		"factory.talos.dev/metal-installer/" + id + ":v1.13.0":            {"v1.13.0", id, true},
		"factory.talos.dev/metal-installer-secureboot/" + id + ":v1.13.0": {"v1.13.0", id, true},
		"10.0.0.9:5000/nocloud-installer/" + id + ":v1.12.1@sha256:01":    {"v1.12.1", id, true},
		"factory.talos.dev/installer/" + id + ":v1.9.0":                   {"v1.9.0", id, true},
		"factory.talos.dev/metal-installer/" + id:                         {"", id, true},
		"ghcr.io/siderolabs/installer:v1.13.0":                            {"v1.13.0", "", true},
		"ghcr.io/siderolabs/installer":                                    {"", "", true},
		"registry.k8s.io/kube-apiserver:v1.35.0":                          {"v1.35.0", "", false},
		"factory.talos.dev/image/" + id + ":v1.13.0":                      {"v1.13.0", "", false},
		"factory.talos.dev/metal-installer/short:v1.13.0":                 {"v1.13.0", "", false},
	} {
		image, installer := profile.ParseInstaller(reference)
		if image.Tag != want.tag || image.Schematic != want.schematic || installer != want.installer {
			test.Errorf("%s: %+v, installer %v", reference, image, installer)
		}
	}
}

func TestImagesKnownToBeWithoutExtensions(test *testing.T) {
	for reference, want := range map[string]bool{
		"ghcr.io/siderolabs/installer:v1.13.0":                                       true,
		"factory.talos.dev/metal-installer/" + profile.VanillaSchematic + ":v1.13.0": true,
		"factory.talos.dev/metal-installer/" + strings.Repeat("ab", 32) + ":v1.13.0": false,
	} {
		if image, _ := profile.ParseInstaller(reference); image.WithoutExtensions() != want {
			test.Errorf("%s: %v", reference, !want)
		}
	}
}
