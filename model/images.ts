import { imageFactoryOf, type ImageFactory } from "./image-factory";
import { mediaOf } from "./platform-media";

/** References to everything a machine boots or installs from. */
export interface MachineImages {
  /** Installer image, as machine.install.image wants it. */
  readonly installer: string;
  /** URL of the ISO to boot; none for a platform that boots no ISO. */
  readonly iso?: string;
  /** URL of the disk image; none for a platform that takes none. */
  readonly disk?: string;
  /** URL of the iPXE script; none for a platform that does not boot from the network. */
  readonly pxe?: string;
}

/** What selects a machine's images. */
export interface ImageChoice {
  readonly imageFactoryUrl: string;
  readonly schematicId: string;
  readonly talosVersion: string;
  readonly platform: string;
  readonly architecture: string;
  readonly secureboot: boolean;
}

/**
 * A machine's images, all of one schematic and one Talos release. Never throws, whatever the choice.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/platforms and pkg/machinery/imager/quirks
 */
export function machineImages(choice: ImageChoice): MachineImages {
  const factory = imageFactoryOf(choice.imageFactoryUrl);
  const { schematicId, talosVersion, platform, architecture, secureboot } = choice;
  const media = mediaOf(platform);
  const name = `${platform}-${architecture}${secureboot ? "-secureboot" : ""}`;
  const release = `${schematicId}/${talosVersion}`;
  return {
    installer: installerReference(factory, choice),
    ...(media?.iso && { iso: `${factory.url}/image/${release}/${name}.iso` }),
    ...(media?.disk !== undefined && {
      disk: `${factory.url}/image/${release}/${name}.${media.disk}`,
    }),
    ...(media?.pxe && { pxe: `${factory.pxeUrl}/pxe/${release}/${name}` }),
  };
}

function installerReference(factory: ImageFactory, choice: ImageChoice): string {
  const { schematicId, talosVersion, platform, secureboot } = choice;
  const base = hasUnifiedInstaller(talosVersion) ? `${platform}-installer` : "installer";
  const repository = secureboot ? `${base}-secureboot` : base;
  return `${factory.registry}/${repository}/${schematicId}:${talosVersion}`;
}

/** Whether installers are built per platform, which they are from Talos 1.10; one for all platforms cannot be pulled later. */
function hasUnifiedInstaller(talosVersion: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(talosVersion) ?? [];
  return major === undefined || Number(major) > 1 || Number(minor) >= 10;
}
