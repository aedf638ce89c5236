import type { platforms } from "./platforms";

/** What a platform boots from. */
export interface PlatformMedia {
  /** File name ending of its disk image; none when it takes no disk image. */
  readonly disk?: string;
  readonly iso?: true;
  readonly pxe?: true;
  /** First Talos minor with secure boot images of it; none when there are none. */
  readonly secureboot?: string;
}

/**
 * Boot media by platform.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/platforms/platforms.go; azure as of its main branch before 1.14
 */
export const platformMedia: Readonly<Record<(typeof platforms)[number], PlatformMedia>> = {
  metal: { disk: "raw.zst", iso: true, pxe: true, secureboot: "1.5" },
  akamai: { disk: "raw.gz" },
  aws: { disk: "raw.xz" },
  azure: { disk: "vhd.xz", secureboot: "1.14" },
  cloudstack: { disk: "raw.gz", secureboot: "1.8" },
  "digital-ocean": { disk: "raw.gz" },
  equinixMetal: { pxe: true },
  exoscale: { disk: "qcow2" },
  gcp: { disk: "raw.tar.gz" },
  hcloud: { disk: "raw.xz" },
  nocloud: { disk: "raw.xz", iso: true, pxe: true, secureboot: "1.5" },
  opennebula: { disk: "raw.zst", iso: true },
  openstack: { disk: "raw.xz", iso: true, pxe: true },
  oracle: { disk: "qcow2" },
  scaleway: { disk: "raw.zst", iso: true },
  upcloud: { disk: "raw.xz" },
  vmware: { disk: "ova", iso: true },
  vultr: { iso: true, pxe: true },
};

/** Boot media of a platform; none for one that is not known. */
export function mediaOf(platform: string): PlatformMedia | undefined {
  return Object.hasOwn(platformMedia, platform)
    ? platformMedia[platform as keyof typeof platformMedia]
    : undefined;
}
