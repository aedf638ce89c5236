import type * as pulumi from "@pulumi/pulumi";
import type { IdentityInput, InstallDiskSelectorInput } from "../model/cluster-input";
import type { NetworkInterfaceInput } from "../model/network-input";
import type { SchematicInput } from "../model/schematic-input";
import type { PatchArgs } from "./talos-cluster-args";

/** What can be said about one machine, or about many. */
export interface NodeSettingsArgs {
  /**
   * Disk Talos is installed to, for example `/dev/nvme0n1`. Required, unless `installDiskSelector` chooses it.
   *
   * A disk the machine lacks makes it refuse its config.
   */
  readonly installDisk?: pulumi.Input<string>;
  /**
   * What the install disk is like: size, model, serial, type, wwid, busPath and more. Defaults to `installDisk`.
   *
   * All that is given must match; a selector that matches no disk makes the machine refuse its config.
   *
   * @default - `installDisk`
   * @see https://www.talos.dev/v1.12/reference/configuration/v1alpha1/config/#Config.machine.install.diskSelector
   */
  readonly installDiskSelector?: InstallDiskSelectorInput;
  /**
   * Talos platform the machine boots as. Defaults to metal.
   *
   * It chooses the installer and boot images; another than the machine booted is not noticed before an upgrade.
   *
   * @default "metal"
   */
  readonly platform?: string;
  /**
   * Processor architecture of the boot images, amd64 or arm64. Defaults to amd64.
   *
   * @default "amd64"
   */
  readonly architecture?: string;
  /**
   * Network interfaces with addresses, routes, MTU, DHCP, VIP, VLANs, bonds and bridges. Defaults to what the machine finds by DHCP.
   *
   * @default - DHCP on every physical interface, as Talos does by itself
   */
  readonly networkInterfaces?: readonly NetworkInterfaceInput[];
  /**
   * Addresses of DNS servers. Defaults to those of DHCP, or Talos's own.
   *
   * @default - DHCP's
   */
  readonly nameservers?: readonly string[];
  /**
   * Time servers, by name or address. Defaults to those of DHCP, or Talos's own.
   *
   * A machine whose clock is not in step refuses to be bootstrapped and never becomes ready.
   *
   * @default - DHCP's, then time.cloudflare.com
   */
  readonly timeServers?: readonly string[];
  /**
   * Domains that are tried behind a short name. Defaults to DHCP's.
   *
   * @default - DHCP's
   */
  readonly searchDomains?: readonly string[];
  /**
   * What goes into the boot image beyond Talos itself. Defaults to nothing.
   *
   * Its id is computed offline; the image factory is asked only to register it.
   *
   * @default - the empty schematic
   * @see https://github.com/siderolabs/image-factory
   */
  readonly schematic?: SchematicInput;
  /**
   * Id of a schematic that the image factory knows already, 64 hexadecimal digits. Defaults to the id of `schematic`.
   *
   * @default - the id of `schematic`
   */
  readonly schematicId?: string;
  /**
   * Extensions that run on the machine and are meant to go. Defaults to none.
   *
   * A schematic that leaves out an extension in use is refused, unless the extension is named here.
   *
   * @default - none
   */
  readonly dropExtensions?: readonly string[];
  /**
   * Whether the machine boots with UEFI Secure Boot. Defaults to false.
   *
   * It chooses other images. A running machine cannot be switched: it has to be installed anew.
   *
   * @default false
   */
  readonly secureboot?: boolean;
  /**
   * Whether STATE and EPHEMERAL are encrypted with LUKS2: `true` or `tpm` with a key in the TPM 2.0, `nodeID` with one made from
   * the machine's UUID. Defaults to false.
   *
   * It takes effect when the partitions are made: a machine that is installed already stays as it is. `nodeID` protects a disk
   * that leaves its machine, not one that is stolen with it.
   *
   * @default false
   */
  readonly encryptDisk?: boolean | "tpm" | "nodeID";
  /**
   * Labels of the Node. Defaults to none.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations of the Node. Defaults to none.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Taints of the Node by key, each `value:effect` or `:effect`, as in Talos. Defaults to none.
   *
   * @default - none
   */
  readonly taints?: Readonly<Record<string, string>>;
  /**
   * Talos release this machine runs, before the others do. Defaults to the cluster's `talosVersion`.
   *
   * @default - the cluster's `talosVersion`
   */
  readonly talosVersion?: string;
  /**
   * How a changed config is applied to the running machine: `auto`, `no-reboot` or `staged`. Defaults to the cluster's `applyMode`.
   *
   * @default - the cluster's `applyMode`
   */
  readonly applyMode?: "auto" | "no-reboot" | "staged";
}

/** One machine of a cluster. */
export interface NodeArgs extends NodeSettingsArgs {
  /** Host name of the machine. It identifies the machine: another name is another machine, unless `renamedFrom` says otherwise. */
  readonly name: string;
  /** Address the Talos API answers at, without a mask. That of a configured controller stays for ever. */
  readonly address: pulumi.Input<string>;
  /**
   * Whether the machine runs the control plane. Defaults to false: a worker.
   *
   * @default false
   */
  readonly controller?: boolean;
  /**
   * Hardware the machine is known by: UUID, serial number or MAC address. Defaults to nothing.
   *
   * It is compared before the first config, and with it every secret, is sent: another machine at the address is refused.
   *
   * @default - not compared
   */
  readonly identity?: IdentityInput;
  /**
   * Patches of this machine alone, after those of its folder. Defaults to none.
   *
   * @default - none
   */
  readonly patches?: readonly PatchArgs[];
  /**
   * Name the machine had until now. Defaults to none.
   *
   * The machine keeps its place in the stack and gets the new host name. Take it out after the run.
   *
   * @default - none
   */
  readonly renamedFrom?: string;
  /**
   * How often the machine was installed. Defaults to 1.
   *
   * Raise it by one to say "it was reinstalled": a machine that was configured and answers in maintenance mode gets no secret before.
   *
   * @default 1
   */
  readonly incarnation?: number;
  /**
   * Whether the machine is left as it is. Defaults to false.
   *
   * Its resources stay as they were last, changes go round it, and it counts as down in every quorum. For a machine that is dead or
   * must not be touched now. One that was never configured cannot be held.
   *
   * @default false
   */
  readonly hold?: boolean;
}
