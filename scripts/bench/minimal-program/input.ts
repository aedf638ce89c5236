/** What the minimal program is told of a cluster, everything decided. */
export interface MinimalCluster {
  readonly pins: {
    readonly clusterName: string;
    readonly endpoint: string;
    readonly talosVersion: string;
    readonly kubernetesVersion: string;
    readonly versionContract: string;
  };
  /** Canonical YAML of each schematic by its id. */
  readonly schematics: Readonly<Record<string, string>>;
  /** In roll-out order, controllers first. */
  readonly machines: readonly MinimalMachine[];
}

/** One machine, and what is merged over its base config. */
export interface MinimalMachine {
  readonly name: string;
  readonly address: string;
  readonly role: "controller" | "worker";
  readonly installerImage: string;
  readonly schematicId: string;
  readonly extensions: readonly string[];
  readonly documents: readonly string[];
}
