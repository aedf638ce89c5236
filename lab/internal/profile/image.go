package profile

import "strings"

// VanillaSchematic is the image factory's id of a schematic without anything in it.
const VanillaSchematic = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"

// InstallerImage is what the reference of an installer image says.
type InstallerImage struct {
	Reference string
	// Tag is the Talos version it installs, "" when the reference has none.
	Tag string
	// Schematic is the image factory's id, "" for an image that is not the factory's.
	Schematic string
}

// ParseInstaller reads <factory>/<platform>-installer[-secureboot]/<schematic>:<tag>, the older
// <factory>/installer[-secureboot]/<schematic>:<tag>, and <registry>/<path>/installer:<tag> without a schematic.
// It tells false for a reference that is none of these.
func ParseInstaller(reference string) (InstallerImage, bool) {
	image := InstallerImage{Reference: reference, Tag: TagOfImage(reference)}

	name, _, _ := strings.Cut(reference, "@")
	name = strings.TrimSuffix(name, ":"+image.Tag)
	parts := strings.Split(name, "/")
	last := parts[len(parts)-1]

	if isInstaller(last) {
		return image, true
	}

	if len(parts) < 2 || !isInstaller(parts[len(parts)-2]) || !isSchematic(last) {
		return image, false
	}

	image.Schematic = last

	return image, true
}

// WithoutExtensions tells whether the image is known to have no extension in it.
func (image InstallerImage) WithoutExtensions() bool {
	return image.Schematic == "" || image.Schematic == VanillaSchematic
}

func isInstaller(name string) bool {
	name = strings.TrimSuffix(name, "-secureboot")

	return name == "installer" || strings.HasSuffix(name, "-installer")
}

func isSchematic(name string) bool {
	return len(name) == 64 && strings.Trim(name, "0123456789abcdef") == ""
}

// TagOfImage returns the tag of an image reference, "" when it has none.
func TagOfImage(reference string) string {
	reference, _, _ = strings.Cut(reference, "@")

	slash := strings.LastIndex(reference, "/")

	_, tag, _ := strings.Cut(reference[slash+1:], ":")

	return tag
}
