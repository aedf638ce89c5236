package talos

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/siderolabs/talos/pkg/machinery/platforms"
)

// imageURLs are the addresses of one schematic's images.
type imageURLs struct {
	factory                          *url.URL
	schematic, version, architecture string
}

// of lists what a platform has. A board has no platform: it uses the installer of metal.
func (images imageURLs) of(platform string) (map[string]string, error) {
	switch platform {
	case "metal":
		return images.metal(), nil
	case "":
		return map[string]string{
			"installer": images.installer("metal-installer"),
			"diskImage": images.image("metal-arm64.raw.xz"),
		}, nil
	}

	for _, candidate := range platforms.CloudPlatforms() {
		if candidate.Name == platform {
			return images.cloud(candidate), nil
		}
	}

	return nil, errNoPlatform(platform)
}

func (images imageURLs) metal() map[string]string {
	platform, architecture := platforms.MetalPlatform(), images.architecture

	return map[string]string{
		"installer":           images.installer("metal-installer"),
		"installerSecureboot": images.installer("metal-installer-secureboot"),
		"iso":                 images.image(platform.ISOPath(architecture)),
		"isoSecureboot":       images.image(platform.SecureBootISOPath(architecture)),
		"diskImage":           images.image(platform.DiskImageDefaultPath(architecture)),
		"diskImageSecureboot": images.image(platform.SecureBootDiskImageDefaultPath(architecture)),
		"pxe":                 images.script(platform.PXEScriptPath(architecture)),
		"kernel":              images.image(platform.KernelPath(architecture)),
		"kernelCommandLine":   images.image(platform.CmdlinePath(architecture)),
		"initramfs":           images.image(platform.InitramfsPath(architecture)),
		"uki":                 images.image(platform.SecureBootUKIPath(architecture)),
	}
}

func (images imageURLs) cloud(platform platforms.Platform) map[string]string {
	architecture := images.architecture
	urls := map[string]string{"installer": images.installer(platform.Name + "-installer")}

	if platform.SecureBootSupported {
		urls["installerSecureboot"] = images.installer(platform.Name + "-installer-secureboot")
	}

	if slices.Contains(platform.BootMethods, platforms.BootMethodDiskImage) {
		urls["diskImage"] = images.image(platform.DiskImageDefaultPath(architecture))
		if platform.SecureBootSupported {
			urls["diskImageSecureboot"] = images.image(platform.SecureBootDiskImageDefaultPath(architecture))
		}
	}

	if slices.Contains(platform.BootMethods, platforms.BootMethodPXE) {
		urls["pxe"] = images.script(platform.PXEScriptPath(architecture))
	}

	if slices.Contains(platform.BootMethods, platforms.BootMethodISO) {
		urls["iso"] = images.image(platform.ISOPath(architecture))
		if platform.SecureBootSupported {
			urls["isoSecureboot"] = images.image(platform.SecureBootISOPath(architecture))
		}
	}

	return urls
}

func (images imageURLs) installer(repository string) string {
	return fmt.Sprintf("%s/%s/%s:%s", images.factory.Host, repository, images.schematic, images.version)
}

func (images imageURLs) image(path string) string {
	return fmt.Sprintf("%s/image/%s/%s/%s", images.factory, images.schematic, images.version, path)
}

func (images imageURLs) script(path string) string {
	return fmt.Sprintf("%s://pxe.%s/pxe/%s/%s/%s", images.factory.Scheme, images.factory.Host, images.schematic, images.version, path)
}
