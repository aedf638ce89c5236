import type { Leaf } from "./deferred";
import type { NetworkInterfaceInput } from "./network-input";
import type { SchematicInput } from "./schematic-input";

/**
 * What a person says about a machine that can also be said for many: see `defaults` of a nodes file.
 *
 * Fields are optional here so that all that is missing can be reported at once.
 */
export interface NodeSettingsInput {
  readonly installDisk?: Leaf<string>;
  readonly installDiskSelector?: InstallDiskSelectorInput;
  /** Talos platform the machine boots, `metal` when left out. */
  readonly platform?: string;
  readonly architecture?: string;
  readonly networkInterfaces?: readonly NetworkInterfaceInput[];
  readonly nameservers?: readonly string[];
  readonly timeServers?: readonly string[];
  readonly searchDomains?: readonly string[];
  readonly schematic?: SchematicInput;
  readonly schematicId?: string;
  /** Extensions in use on the running machine that the wanted schematic leaves out on purpose. */
  readonly dropExtensions?: readonly string[];
  readonly secureboot?: boolean;
  /** LUKS2 on STATE and EPHEMERAL; `true` is `tpm`. */
  readonly encryptDisk?: boolean | "tpm" | "nodeID";
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Taint key -> `value:effect`, as in Talos. */
  readonly taints?: Readonly<Record<string, string>>;
  /** Pin of this machine alone, for a canary. */
  readonly talosVersion?: string;
  /** How a config is applied to the running machine; the cluster's when left out. */
  readonly applyMode?: string;
}

/** What a person says about one machine. */
export interface NodeInput extends NodeSettingsInput {
  readonly name?: string;
  readonly address?: Leaf<string>;
  readonly controller?: boolean;
  readonly identity?: IdentityInput;
  /** Patches of this machine alone, after those of its folder. */
  readonly patches?: readonly PatchInput[];
  /** Name the machine had before. */
  readonly renamedFrom?: string;
  /** Raised by one whenever the machine was reinstalled; 1 at first. */
  readonly incarnation?: number;
  /** Whether the machine is left as it is: the roll-out goes round it, and it counts as down. */
  readonly hold?: boolean;
}

/** Settings of many machines; the machine's own win, then those of its role. */
export interface DefaultsInput {
  readonly all?: NodeSettingsInput;
  readonly controllers?: NodeSettingsInput;
  readonly workers?: NodeSettingsInput;
}

/** Chooses the install disk by what it is. All that is given must match. */
export interface InstallDiskSelectorInput {
  /** Size with an optional comparison, for example `>= 500GB`. */
  readonly size?: string;
  readonly name?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly modalias?: string;
  readonly uuid?: string;
  readonly wwid?: string;
  readonly type?: string;
  readonly busPath?: string;
}

/** Hardware a machine is known by; checked before its first config is sent. */
export interface IdentityInput {
  readonly uuid?: string;
  readonly serial?: string;
  readonly mac?: string;
}

/** One patch text and where it was written. */
export interface PatchInput {
  /** Where the patch stands: a file's path, or the argument it came in. */
  readonly source: string;
  /** YAML of one or many documents. */
  readonly text: Leaf<string>;
}

/** Patches by scope; a later scope wins over an earlier one, and within a scope a later patch. */
export interface PatchesInput {
  readonly global?: readonly PatchInput[];
  readonly controller?: readonly PatchInput[];
  readonly worker?: readonly PatchInput[];
  /** Patches for one machine, by the machine's name. */
  readonly nodes?: Readonly<Record<string, readonly PatchInput[]>>;
}

/** Where boot and installer images come from. */
export interface ImageFactoryInput {
  /** URL of the factory, for example `https://factory.talos.dev`. */
  readonly url?: string;
  /** Whether schematics are registered with the factory. */
  readonly register?: boolean;
}

/** How a change goes from machine to machine. */
export interface RolloutInput {
  /** Workers that may be out at once. */
  readonly maxUnavailable?: number;
  /** How long a machine must stay well before the next one is touched; 0 for not at all. */
  readonly stableSeconds?: number;
  /** Longest wait for the pods of a machine to leave it. */
  readonly drainTimeoutSeconds?: number;
  /** Shell command that must exit with 0 before each machine. */
  readonly gate?: string;
}

/** Where etcd snapshots go that are taken before a risky run. */
export interface SnapshotsInput {
  readonly directory?: string;
  readonly enabled?: boolean;
}

/** How etcd starts. */
export interface BootstrapInput {
  /** etcd snapshot that a lost cluster is bootstrapped from. */
  readonly recoverFrom?: string;
}

/** Everything a person says about a cluster, before it is checked. */
export interface ClusterInput {
  readonly clusterName?: string;
  readonly endpoint?: Leaf<string>;
  readonly talosVersion?: string;
  readonly kubernetesVersion?: string;
  readonly versionContract?: string;
  readonly imageFactory?: ImageFactoryInput;
  /** Two controllers survive no failure; whoever wants them says so. */
  readonly allowTwoControllers?: boolean;
  readonly rollout?: RolloutInput;
  /** How a config is applied to a running machine. */
  readonly applyMode?: string;
  /** What becomes of a machine that is no longer wanted. */
  readonly onRemove?: string;
  readonly snapshots?: SnapshotsInput;
  readonly bootstrap?: BootstrapInput;
  /** Whether destroying the stack resets the machines. */
  readonly teardown?: boolean;
  /** Secrets of a cluster that exists, as talosctl writes them; made when left out. */
  readonly secretsBundle?: string;
  readonly nodes: readonly NodeInput[];
  readonly defaults?: DefaultsInput;
  readonly patches?: PatchesInput;
  /** What `${name}` in a patch stands for. */
  readonly patchVariables?: Readonly<Record<string, Leaf<string>>>;
}
