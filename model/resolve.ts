import type { ClusterInput, NodeInput, PatchesInput, PatchInput } from "./cluster-input";
import type { ClusterSpec, NodeSpec, Role } from "./cluster-spec";
import { defaultImageFactory } from "./defaults";
import { installerImage } from "./installer-image";
import { compareNames } from "./names";
import { canonicalSchematic, schematicIdOf } from "./schematic";

/**
 * Decides everything that the input leaves open. The input must have been checked: see checkCluster.
 *
 * The result does not depend on the order of the machines in the input.
 */
export function resolveCluster(input: ClusterInput): ClusterSpec {
  const nodes = [...input.nodes]
    .sort((a, b) => compareNames(a.name ?? "", b.name ?? ""))
    .map((node) => resolveNode(node, input));
  return {
    clusterName: input.clusterName ?? "",
    endpoint: input.endpoint ?? "",
    talosVersion: input.talosVersion ?? "",
    kubernetesVersion: input.kubernetesVersion ?? "",
    versionContract: input.versionContract ?? "",
    controllers: nodes.filter((node) => node.role === "controller"),
    workers: nodes.filter((node) => node.role === "worker"),
  };
}

function resolveNode(node: NodeInput, input: ClusterInput): NodeSpec {
  const { imageFactory = defaultImageFactory, talosVersion = "" } = input;
  const role: Role = node.controller === true ? "controller" : "worker";
  const schematicYaml =
    node.schematicId === undefined && node.schematic !== undefined
      ? canonicalSchematic(node.schematic)
      : undefined;
  const schematicId =
    node.schematicId ?? schematicIdOf(schematicYaml ?? canonicalSchematic(undefined));
  return {
    name: node.name ?? "",
    role,
    address: node.address ?? "",
    installDisk: node.installDisk ?? "",
    schematicYaml,
    schematicId,
    installerImage: installerImage({ imageFactory, schematicId, talosVersion }),
    patches: patchesOf(node.name ?? "", role, input.patches),
  };
}

function patchesOf(name: string, role: Role, patches: PatchesInput | undefined): PatchInput[] {
  const ofRole = role === "controller" ? patches?.controller : patches?.worker;
  return [...(patches?.global ?? []), ...(ofRole ?? []), ...(patches?.nodes?.[name] ?? [])];
}
