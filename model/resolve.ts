import type { ClusterInput, NodeInput, PatchesInput, PatchInput } from "./cluster-input";
import type {
  ApplyMode,
  ClusterSpec,
  DiskKey,
  NodeSpec,
  OnRemove,
  Role,
  RolloutSpec,
} from "./cluster-spec";
import * as defaults from "./defaults";
import { machineImages } from "./images";
import { compareNames } from "./names";
import { applyDefaults } from "./node-defaults";
import { canonicalSchematic, officialExtensionsOf, schematicIdOf } from "./schematic";

/**
 * Decides everything that the input leaves open. The input must have been checked: see checkCluster.
 *
 * The result does not depend on the order of the machines in the input.
 */
export function resolveCluster(input: ClusterInput): ClusterSpec {
  const { url = defaults.defaultImageFactoryUrl, register = true } = input.imageFactory ?? {};
  const context: Context = {
    imageFactoryUrl: url,
    talosVersion: input.talosVersion ?? "",
    applyMode: input.applyMode ?? "auto",
    patches: input.patches,
    schematics: new Map(),
  };
  const nodes = applyDefaults(input.nodes, input.defaults)
    .sort((a, b) => compareNames(a.name ?? "", b.name ?? ""))
    .map((node) => resolveNode(node, context));
  return {
    clusterName: input.clusterName ?? "",
    endpoint: input.endpoint ?? "",
    talosVersion: context.talosVersion,
    kubernetesVersion: input.kubernetesVersion ?? "",
    versionContract: input.versionContract ?? "",
    imageFactoryUrl: url,
    registerSchematics: register,
    rollout: rolloutOf(input),
    onRemove: (input.onRemove ?? "forget") as OnRemove,
    snapshotDirectory: snapshotDirectoryOf(input),
    recoverFrom: input.bootstrap?.recoverFrom,
    teardown: input.teardown ?? false,
    controllers: nodes.filter((node) => node.role === "controller"),
    workers: nodes.filter((node) => node.role === "worker"),
  };
}

interface Context {
  readonly imageFactoryUrl: string;
  readonly talosVersion: string;
  readonly applyMode: string;
  readonly patches?: PatchesInput;
  /** Machines mostly share a schematic: each is written and hashed once. */
  readonly schematics: Map<NodeInput["schematic"], Schematic>;
}

function rolloutOf({ rollout = {} }: ClusterInput): RolloutSpec {
  return {
    maxUnavailable: rollout.maxUnavailable ?? defaults.defaultMaxUnavailable,
    stableSeconds: rollout.stableSeconds ?? defaults.defaultStableSeconds,
    drainTimeoutSeconds: rollout.drainTimeoutSeconds ?? defaults.defaultDrainTimeoutSeconds,
    gate: rollout.gate,
  };
}

function snapshotDirectoryOf({ snapshots = {} }: ClusterInput): string | undefined {
  const { directory = defaults.defaultSnapshotDirectory, enabled = true } = snapshots;
  return enabled ? directory : undefined;
}

type Schematic = Pick<NodeSpec, "schematicYaml" | "schematicId" | "extensions">;

function resolveNode(node: NodeInput, context: Context): NodeSpec {
  const role: Role = node.controller === true ? "controller" : "worker";
  const schematic = schematicOf(node, context);
  const talosVersion = node.talosVersion ?? context.talosVersion;
  const { platform = "metal", architecture = "amd64", secureboot = false } = node;
  return {
    name: node.name ?? "",
    role,
    address: node.address ?? "",
    talosVersion,
    installDisk: node.installDisk,
    installDiskSelector: node.installDiskSelector,
    networkInterfaces: node.networkInterfaces ?? [],
    nameservers: node.nameservers ?? [],
    timeServers: node.timeServers ?? [],
    searchDomains: node.searchDomains ?? [],
    secureboot,
    diskKey: diskKeyOf(node),
    labels: node.labels ?? {},
    annotations: node.annotations ?? {},
    taints: node.taints ?? {},
    identity: node.identity,
    renamedFrom: node.renamedFrom,
    incarnation: node.incarnation ?? 1,
    hold: node.hold ?? false,
    applyMode: (node.applyMode ?? context.applyMode) as ApplyMode,
    ...schematic,
    dropExtensions: node.dropExtensions ?? [],
    images: machineImages({
      imageFactoryUrl: context.imageFactoryUrl,
      schematicId: schematic.schematicId,
      talosVersion,
      platform,
      architecture,
      secureboot,
    }),
    patches: [...patchesOf(node.name ?? "", role, context.patches), ...(node.patches ?? [])],
  };
}

function schematicOf(node: NodeInput, context: Context): Schematic {
  if (node.schematicId !== undefined) return { schematicId: node.schematicId };
  const known = context.schematics.get(node.schematic);
  if (known !== undefined) return known;
  const yaml = canonicalSchematic(node.schematic);
  const schematic: Schematic = {
    schematicYaml: yaml,
    schematicId: schematicIdOf(yaml),
    extensions: officialExtensionsOf(node.schematic),
  };
  context.schematics.set(node.schematic, schematic);
  return schematic;
}

function diskKeyOf({ encryptDisk }: NodeInput): DiskKey | undefined {
  if (encryptDisk === true) return "tpm";
  return encryptDisk === false ? undefined : encryptDisk;
}

/** Patches of all scopes that reach a machine, in the order they apply; its own inline ones come after. */
export function patchesOf(
  name: string,
  role: Role,
  patches: PatchesInput | undefined,
): PatchInput[] {
  const ofRole = role === "controller" ? patches?.controller : patches?.worker;
  return [...(patches?.global ?? []), ...(ofRole ?? []), ...(patches?.nodes?.[name] ?? [])];
}
