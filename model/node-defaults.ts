import type { DefaultsInput, NodeInput, NodeSettingsInput } from "./cluster-input";

/** Fields of which a machine has one: saying one takes the other away from a less specific layer. */
const rivals: Readonly<Partial<Record<keyof NodeSettingsInput, keyof NodeSettingsInput>>> = {
  installDisk: "installDiskSelector",
  installDiskSelector: "installDisk",
  schematic: "schematicId",
  schematicId: "schematic",
};

/** Fields that are merged key by key; all others replace the whole value. */
const mergedByKey: readonly string[] = ["labels", "annotations", "taints"];

/** Machines with their defaults: the machine's own settings win over those of its role, and these over `all`. */
export function applyDefaults(
  nodes: readonly NodeInput[],
  defaults: DefaultsInput | undefined,
): NodeInput[] {
  return nodes.map((node) => withDefaults(node, defaults));
}

function withDefaults(node: NodeInput, defaults: DefaultsInput | undefined): NodeInput {
  const layers = [defaults?.all, ofRole(node, defaults), node].filter(
    (layer) => layer !== undefined,
  );
  if (layers.length < 2) return node;
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer) as [string, unknown][]) {
      if (value === undefined) continue;
      const rival = rivals[key as keyof NodeSettingsInput];
      if (rival !== undefined && layer[rival] === undefined) delete merged[rival];
      merged[key] = mergedByKey.includes(key)
        ? { ...(merged[key] as object | undefined), ...(value as object) }
        : value;
    }
  }
  return merged;
}

function ofRole(
  node: NodeInput,
  defaults: DefaultsInput | undefined,
): NodeSettingsInput | undefined {
  return node.controller === true ? defaults?.controllers : defaults?.workers;
}

/** Path of the layer that a machine's value of a field was written in: its own, its role's or all machines'. */
export function layerPath(
  field: keyof NodeSettingsInput,
  node: NodeInput,
  nodePath: string,
  defaults: DefaultsInput | undefined,
): string {
  if (node[field] !== undefined) return nodePath;
  if (ofRole(node, defaults)?.[field] === undefined) return "defaults.all";
  return node.controller === true ? "defaults.controllers" : "defaults.workers";
}
