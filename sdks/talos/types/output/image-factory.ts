/** Addresses of everything the image factory serves for one schematic and Talos version. */
export interface GetUrlsUrls {
  /** Disk image. */
  diskImage: string;
  /** Disk image for secure boot. Empty where the platform has none. */
  diskImageSecureboot: string;
  /** Initial file system for booting over the network. */
  initramfs: string;
  /** Installer container image, for `machine.install.image` and for upgrades. */
  installer: string;
  /** Installer container image for secure boot. */
  installerSecureboot: string;
  /** ISO. */
  iso: string;
  /** ISO for secure boot. */
  isoSecureboot: string;
  /** Kernel for booting over the network. */
  kernel: string;
  /** Kernel command line that goes with `kernel` and `initramfs`. */
  kernelCommandLine: string;
  /** iPXE script. */
  pxe: string;
  /** Unified kernel image for secure boot. */
  uki: string;
}
