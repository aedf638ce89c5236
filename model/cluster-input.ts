import type { Leaf } from "./deferred";

/** What a person says about one machine. Fields are optional here so that all that is missing can be reported at once. */
export interface NodeInput {
  readonly name?: string;
  readonly address?: Leaf<string>;
  readonly controller?: boolean;
  readonly installDisk?: Leaf<string>;
  readonly schematic?: SchematicInput;
  readonly schematicId?: string;
}

/** What goes into a boot image beyond Talos itself. */
export interface SchematicInput {
  readonly customization?: {
    readonly systemExtensions?: { readonly officialExtensions?: readonly string[] };
  };
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

/** Everything a person says about a cluster, before it is checked. */
export interface ClusterInput {
  readonly clusterName?: string;
  readonly endpoint?: Leaf<string>;
  readonly talosVersion?: string;
  readonly kubernetesVersion?: string;
  readonly versionContract?: string;
  readonly imageFactory?: string;
  readonly nodes: readonly NodeInput[];
  readonly patches?: PatchesInput;
}
