import type { Leaf } from "./deferred";
import type { PatchInput } from "./cluster-input";

/** A machine's part in the cluster, in the words of the guide: a controller runs the control plane. */
export type Role = "controller" | "worker";

/** One machine with everything decided. */
export interface NodeSpec {
  readonly name: string;
  readonly role: Role;
  readonly address: Leaf<string>;
  readonly installDisk: Leaf<string>;
  /** Schematic to register with the image factory, as its canonical YAML; none for a bare id. */
  readonly schematicYaml?: string;
  readonly schematicId: string;
  readonly installerImage: string;
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
  readonly controllers: readonly NodeSpec[];
  readonly workers: readonly NodeSpec[];
}
