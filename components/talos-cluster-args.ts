import type * as pulumi from "@pulumi/pulumi";
import type { SchematicInput } from "../model/cluster-input";

/** One machine of a cluster. */
export interface NodeArgs {
  /** Host name of the machine. It identifies the machine for ever: another name is another machine. */
  readonly name: string;
  /** Address the Talos API answers at, without a mask. */
  readonly address: pulumi.Input<string>;
  /**
   * Whether the machine runs the control plane. Defaults to false: a worker.
   *
   * @default false
   */
  readonly controller?: boolean;
  /** Disk Talos is installed to, for example `/dev/nvme0n1`. A disk the machine lacks makes it refuse its config. */
  readonly installDisk: pulumi.Input<string>;
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
}

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
   * Registry of the image factory, without a scheme. Defaults to factory.talos.dev.
   *
   * @default "factory.talos.dev"
   */
  readonly imageFactory?: string;
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
   * Longest time for the checks directly before a machine's config is applied, in seconds. Defaults to 60.
   *
   * @default 60
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
  readonly installerImage: string;
  readonly schematicId: string;
}
