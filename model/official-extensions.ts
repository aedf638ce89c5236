import semver from "semver";
import { compareMinors, minorOf } from "./versions";

/** Prefix of every official extension's name. */
export const officialPrefix = "siderolabs/";

/**
 * Official extensions, without their prefix, by the first Talos minor that had them. Those of 1.8 may be older.
 *
 * @see siderolabs/extensions, Makefile, branches release-1.8 to release-1.14 as of 2026-08-20
 */
const extensionsSince: Readonly<Record<string, readonly string[]>> = {
  "1.8": names(`
    amd-ucode amdgpu-firmware binfmt-misc bnx2-bnx2x btrfs chelsio-drivers chelsio-firmware crun
    drbd ecr-credential-provider fuse3 gasket-driver gvisor gvisor-debug hello-world-service
    i915-ucode intel-ice-firmware intel-ucode iscsi-tools kata-containers mdadm mei
    nonfree-kmod-nvidia-lts nonfree-kmod-nvidia-production nut-client
    nvidia-container-toolkit-lts nvidia-container-toolkit-production nvidia-fabricmanager-lts
    nvidia-fabricmanager-production nvidia-open-gpu-kernel-modules-lts
    nvidia-open-gpu-kernel-modules-production qemu-guest-agent qlogic-firmware realtek-firmware
    spin stargz-snapshotter tailscale thunderbolt uinput usb-modem-drivers util-linux-tools
    v4l-uvc-drivers vmtoolsd-guest-agent wasmedge xen-guest-agent zfs
  `),
  "1.9": names(`
    amdgpu cloudflared dvb-cx23885 glibc i915 lldpd metal-agent
  `),
  "1.10": names(`
    amazon-ena ctr nebula nfsd nvme-cli panfrost revpi-firmware vc4 xdma-driver youki zerotier
  `),
  "1.11": names(`
    dvb-m88ds3103 hailort newt nfsrahead tenstorrent
  `),
  "1.12": names(`
    bird2 gpio-pinctrl mellanox-mstflint multipath-tools netbird nfs-utils nvidia-gdrdrv-device
    soci-snapshotter trident-iscsi-tools usb-audio-drivers xe
  `),
  "1.13": names(`
    intel-npu joydev px-fuse rockchip-rknn uhid
  `),
  "1.14": names(`
    harbor-credential-provider hyperv-guest-agent kata-containers-snp
  `),
};

function names(list: string): readonly string[] {
  return list.trim().split(/\s+/);
}

/** Extensions that a later minor has no more, by the last one that had them. */
const extensionsUntil: Readonly<Record<string, string>> = {
  "amdgpu-firmware": "1.8",
  "i915-ucode": "1.8",
};

/**
 * Other names that the image factory takes for an extension, by the name it then looks for.
 *
 * @see siderolabs/image-factory v1.5.0, internal/profile/profile.go
 */
export const extensionAliases: Readonly<Record<string, string>> = {
  "amdgpu-firmware": "amdgpu",
  gasket: "gasket-driver",
  "i915-ucode": "i915",
  "nonfree-kmod-nvidia": "nonfree-kmod-nvidia-lts",
  "nvidia-container-toolkit": "nvidia-container-toolkit-lts",
  "nvidia-fabric-manager-lts": "nvidia-fabricmanager-lts",
  "nvidia-fabric-manager-production": "nvidia-fabricmanager-production",
  "nvidia-fabricmanager": "nvidia-fabricmanager-lts",
  "nvidia-open-gpu-kernel-modules": "nvidia-open-gpu-kernel-modules-lts",
  "talos-vmtoolsd": "vmtoolsd-guest-agent",
  "usb-modem": "usb-modem-drivers",
  "v4l-uvc": "v4l-uvc-drivers",
  "xe-guest-utilities": "xen-guest-agent",
};

/** Newest release of each minor whose extensions are known: a later one may have more. */
const knownTo: Readonly<Record<string, string>> = {
  "1.8": "1.8.4",
  "1.9": "1.9.6",
  "1.10": "1.10.9",
  "1.11": "1.11.6",
  "1.12": "1.12.11",
  "1.13": "1.13.9",
  "1.14": "1.14.0-rc.1",
};

/** Whether all official extensions of a Talos release are known here. */
export function knowsExtensionsOf(talosVersion: string): boolean {
  const newest = knownTo[minorOf(talosVersion)];
  const version = semver.parse(talosVersion.replace(/^v/, ""));
  return newest !== undefined && version !== null && semver.lte(version, newest);
}

/** Names, without prefix, of the official extensions of a Talos minor; nothing for a minor without a list. */
export function extensionsOf(talosVersion: string): readonly string[] | undefined {
  const minor = minorOf(talosVersion);
  if (knownTo[minor] === undefined) return undefined;
  const known = lists.get(minor) ?? listOf(minor);
  lists.set(minor, known);
  return known;
}

/** Lists that were put together: every machine of a cluster is checked against the same one. */
const lists = new Map<string, readonly string[]>();

function listOf(minor: string): readonly string[] {
  return Object.entries(extensionsSince)
    .filter(([since]) => compareMinors(since, minor) <= 0)
    .flatMap(([, extensions]) => extensions)
    .filter((name) => compareMinors(extensionsUntil[name] ?? minor, minor) >= 0);
}

/** First Talos minor with an extension, if it is known at all. */
export function extensionSince(name: string): string | undefined {
  return Object.entries(extensionsSince).find(([, extensions]) => extensions.includes(name))?.[0];
}

/** Whether a name, without prefix, is that of an official extension of any known minor. */
export function isOfficialExtension(name: string): boolean {
  return extensionSince(name) !== undefined;
}
