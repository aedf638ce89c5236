import type * as pulumi from "@pulumi/pulumi";
import type { NodeArgs, NodeSettingsArgs } from "./node-args";
import type { BootstrapArgs, RolloutArgs, SnapshotsArgs } from "./rollout-args";

/** A patch: YAML of one or many documents, alone or with the place it was written, which messages then name. */
export type PatchArgs =
  pulumi.Input<string> | { readonly source: string; readonly text: pulumi.Input<string> };

/** Machine config patches by scope: global, then controller or worker, then the machine's own; later ones win. */
export interface PatchesArgs {
  readonly global?: readonly PatchArgs[];
  readonly controller?: readonly PatchArgs[];
  readonly worker?: readonly PatchArgs[];
  /** Patches of one machine, by its name. */
  readonly nodes?: Readonly<Record<string, readonly PatchArgs[]>>;
}

/** What machines have in common; see {@link TalosClusterArgs.defaults}. */
export interface DefaultsArgs {
  /** Settings of every machine. */
  readonly all?: NodeSettingsArgs;
  /** Settings of every controller; they win over `all`. */
  readonly controllers?: NodeSettingsArgs;
  /** Settings of every worker; they win over `all`. */
  readonly workers?: NodeSettingsArgs;
}

/** Where boot and installer images come from. */
export interface ImageFactoryArgs {
  /**
   * URL of the factory. Defaults to the public one.
   *
   * Machines pull their installer from its host, and schematics are registered with it.
   *
   * @default "https://factory.talos.dev"
   */
  readonly url?: string;
  /**
   * Whether schematics are registered. Defaults to true.
   *
   * A factory serves only schematics that were registered with it: without this, somebody else has to, or a machine finds no installer.
   *
   * @default true
   */
  readonly register?: boolean;
}

/** What a preview does beyond comparing. */
export interface PreviewArgs {
  /**
   * Whether a preview reads the machines, all side by side and for 5 seconds at most. Defaults to true.
   *
   * It tells what runs, what will reboot and why, and refuses a plan that cannot be carried out. It changes nothing, and a
   * machine that does not answer does not make it fail.
   *
   * @default true
   */
  readonly live?: boolean;
}

/** What a {@link TalosCluster} is made of. */
export interface TalosClusterArgs {
  /** Name of the cluster, as it stands in talosconfig and kubeconfig. */
  readonly clusterName: string;
  /** URL of the Kubernetes API, for example `https://192.168.1.100:6443`. */
  readonly endpoint: pulumi.Input<string>;
  /** Talos release the machines run, for example `v1.12.0`. */
  readonly talosVersion: string;
  /** Kubernetes release the cluster runs, for example `v1.35.0`. Outside the window of `talosVersion` it is refused. */
  readonly kubernetesVersion: string;
  /**
   * Talos minor whose defaults the configs follow, for example `v1.12`.
   *
   * Set it at the first deployment and leave it when `talosVersion` moves: a new contract rewrites the config of every machine.
   */
  readonly versionContract: string;
  /** The machines, in any order: they are rolled out by name, controllers first. */
  readonly nodes: readonly NodeArgs[];
  /**
   * Machine config patches by scope. Defaults to none.
   *
   * @default - no patches
   */
  readonly patches?: PatchesArgs;
  /**
   * What machines have in common: for all, for controllers, for workers. Defaults to nothing.
   *
   * What a machine says itself wins, then what its role says. Labels, annotations and taints are merged by key.
   *
   * @default - nothing
   */
  readonly defaults?: DefaultsArgs;
  /**
   * What `${name}` in a patch stands for, by name. Defaults to none.
   *
   * A patch with a secret one becomes secret, and only its redacted form is shown. A name that is not here is an error;
   * `$${name}` stands for the text itself.
   *
   * @default - none
   */
  readonly patchVariables?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Where boot and installer images come from. Defaults to the public image factory.
   *
   * @default - https://factory.talos.dev, with every schematic registered there
   * @see https://github.com/siderolabs/image-factory
   */
  readonly imageFactory?: ImageFactoryArgs;
  /**
   * Whether exactly two controllers are accepted. Defaults to false.
   *
   * Two survive no failure: with one of them out, for an upgrade too, etcd has no quorum.
   *
   * @default false
   */
  readonly allowTwoControllers?: boolean;
  /**
   * How a change goes from machine to machine. Defaults to one machine at a time.
   *
   * @default - `{ maxUnavailable: 1, stableSeconds: 30, drainTimeoutSeconds: 300 }`
   */
  readonly rollout?: RolloutArgs;
  /**
   * How a changed config is applied to a running machine: `auto`, `no-reboot` or `staged`. Defaults to auto.
   *
   * `auto` reboots where Talos needs it, `no-reboot` refuses such a change, `staged` keeps every change for the next reboot. A
   * machine's first config needs `auto`.
   *
   * @default "auto"
   */
  readonly applyMode?: "auto" | "no-reboot" | "staged";
  /**
   * What becomes of a machine that is no longer in `nodes`: `forget` or `reset`. Defaults to forget.
   *
   * `forget` leaves it as it is, still a member. `reset` drains it, takes it out of etcd and Kubernetes and wipes it. It acts on the
   * machines that the last successful run knew.
   *
   * @default "forget"
   */
  readonly onRemove?: "forget" | "reset";
  /**
   * Snapshots of etcd before a run that could need one. Defaults to taking them.
   *
   * @default - `{ directory: "snapshots", enabled: true }`
   */
  readonly snapshots?: SnapshotsArgs;
  /**
   * How etcd starts. Defaults to empty.
   *
   * @default - etcd starts empty
   */
  readonly bootstrap?: BootstrapArgs;
  /**
   * Whether destroying the stack resets the machines. Defaults to false: destroying touches no machine.
   *
   * It has to be applied before it counts. From then on every config that leaves the stack wipes its machine, the config of an
   * earlier `incarnation` too: set it only when the whole cluster is to go.
   *
   * @default false
   */
  readonly teardown?: boolean;
  /**
   * Secrets of a cluster that exists, to take it over: the path of a `secrets.yaml` of talosctl, from the project's folder. Defaults to
   * none: secrets are made.
   *
   * It is read in the run that first needs secrets and in no other: take it out after that. It holds every secret of the cluster.
   *
   * @default - secrets are made
   */
  readonly secretsBundle?: string;
  /**
   * Whether `machines` holds the whole config of each machine, with every secret replaced by a short digest. Defaults to true.
   *
   * Without it a preview shows changes of patches and facts, and none of the base: endpoint, contract, Kubernetes version, secrets.
   *
   * @default true
   */
  readonly exposeConfigs?: boolean;
  /**
   * What a preview does beyond comparing. Defaults to reading the machines.
   *
   * @default - `{ live: true }`
   */
  readonly preview?: PreviewArgs;
  /**
   * Whether the cluster's secrets are protected from being destroyed. Defaults to true.
   *
   * While protected, `pulumi destroy` refuses; use `--exclude-protected`, or apply `false` first.
   *
   * @default true
   */
  readonly protectSecrets?: boolean;
  /**
   * Longest time for reading every machine before anything is changed, in seconds. Defaults to 60.
   *
   * A machine that stays silent longer stops the run before any other was touched.
   *
   * @default 60
   */
  readonly preflightTimeoutSeconds?: number;
  /**
   * Longest time for the checks directly before a machine's config is applied, in seconds. Defaults to 420.
   *
   * They take seconds; your own check, `rollout.gate`, may take longer.
   *
   * @default 420
   */
  readonly gateTimeoutSeconds?: number;
  /**
   * Longest time from the first controller's config to a running etcd, in seconds. Defaults to 300.
   *
   * It includes the installation of that machine.
   *
   * @default 300
   */
  readonly bootstrapTimeoutSeconds?: number;
  /**
   * Longest time a machine may take to become ready after its config was applied, in seconds. Defaults to 600.
   *
   * It includes a reboot. A machine that is not ready by then stops the run; later machines are left untouched.
   *
   * @default 600
   */
  readonly readyTimeoutSeconds?: number;
  /**
   * Longest time the upgrade of one machine may take, in seconds. Defaults to 1800.
   *
   * It includes the pull of the installer, the drain, the reboot, and staying well for `rollout.stableSeconds`.
   *
   * @default 1800
   */
  readonly upgradeTimeoutSeconds?: number;
  /**
   * Longest time the upgrade of Kubernetes may take, in seconds. Defaults to 3600.
   *
   * @default 3600
   */
  readonly kubernetesUpgradeTimeoutSeconds?: number;
  /**
   * Longest time the removal of machines that are no longer wanted may take, in seconds. Defaults to 1800.
   *
   * @default 1800
   */
  readonly membershipTimeoutSeconds?: number;
  /**
   * Longest time the whole cluster may take to become healthy at the end of a run, in seconds. Defaults to 600.
   *
   * @default 600
   */
  readonly healthTimeoutSeconds?: number;
}

/** What people want to know of a machine, in plain. */
export interface MachineOutput {
  readonly role: string;
  readonly address: string;
  readonly talosVersion: string;
  readonly installerImage: string;
  readonly schematicId: string;
  /** The whole config as YAML, each secret replaced by a short digest; left out with `exposeConfigs: false`. */
  readonly config?: string;
}

/** URLs of what a machine boots from, of its own Talos version and schematic, as far as its platform has them. */
export interface BootImagesOutput {
  readonly iso?: string;
  readonly disk?: string;
  readonly pxe?: string;
}
