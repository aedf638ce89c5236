import type { IdentityInput, InstallDiskSelectorInput, PatchInput } from "./cluster-input";
import type { Leaf } from "./deferred";
import type { MachineImages } from "./images";
import type { NetworkInterfaceInput } from "./network-input";

/** A machine's part in the cluster, in the words of the guide: a controller runs the control plane. */
export type Role = "controller" | "worker";

/** What unlocks an encrypted disk: the machine's TPM 2.0, or a key made from its own UUID. */
export type DiskKey = "tpm" | "nodeID";

/** How a config is applied to a running machine: as Talos thinks fit, without a reboot, or at the next reboot. */
export type ApplyMode = "auto" | "no-reboot" | "staged";

/** What becomes of a machine that is no longer wanted: it is left as it is, or it leaves the cluster and is reset. */
export type OnRemove = "forget" | "reset";

/** How a change goes from machine to machine. */
export interface RolloutSpec {
  /** Workers that may be out at once. */
  readonly maxUnavailable: number;
  readonly stableSeconds: number;
  readonly drainTimeoutSeconds: number;
  /** Shell command that must exit with 0 before each machine. */
  readonly gate?: string;
}

/** One machine with everything decided. */
export interface NodeSpec {
  readonly name: string;
  readonly role: Role;
  readonly address: Leaf<string>;
  /** Talos release this machine runs: its own pin, or the cluster's. */
  readonly talosVersion: string;
  /** None when a selector chooses the disk. */
  readonly installDisk?: Leaf<string>;
  readonly installDiskSelector?: InstallDiskSelectorInput;
  readonly networkInterfaces: readonly NetworkInterfaceInput[];
  readonly nameservers: readonly string[];
  readonly timeServers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly secureboot: boolean;
  /** Key of the STATE and EPHEMERAL volumes; none when they are not encrypted. */
  readonly diskKey?: DiskKey;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: Readonly<Record<string, string>>;
  readonly identity?: IdentityInput;
  readonly renamedFrom?: string;
  readonly incarnation: number;
  /** Whether the machine is left as it is. */
  readonly hold: boolean;
  readonly applyMode: ApplyMode;
  /** Schematic to register with the image factory, as its canonical YAML; none for a bare id. */
  readonly schematicYaml?: string;
  readonly schematicId: string;
  /** Official extensions of the schematic; none when only its id is known. */
  readonly extensions?: readonly string[];
  readonly dropExtensions: readonly string[];
  readonly images: MachineImages;
  /** Patches of all scopes that reach this machine, in the order they apply. */
  readonly patches: readonly PatchInput[];
}

/** A cluster with everything decided; machines are in roll-out order. */
export interface ClusterSpec {
  readonly clusterName: string;
  readonly endpoint: Leaf<string>;
  readonly talosVersion: string;
  readonly kubernetesVersion: string;
  readonly versionContract: string;
  readonly imageFactoryUrl: string;
  /** Whether schematics are registered with the image factory. */
  readonly registerSchematics: boolean;
  readonly rollout: RolloutSpec;
  readonly onRemove: OnRemove;
  /** Where etcd snapshots go; none when none are taken. */
  readonly snapshotDirectory?: string;
  /** etcd snapshot that a lost cluster is bootstrapped from. */
  readonly recoverFrom?: string;
  /** Whether destroying the stack resets the machines. */
  readonly teardown: boolean;
  readonly controllers: readonly NodeSpec[];
  readonly workers: readonly NodeSpec[];
}
