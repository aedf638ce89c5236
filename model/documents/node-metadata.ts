import type { NodeSpec } from "../cluster-spec";
import type { Content } from "./document";

/** Labels, annotations and taints of the machine's node in Kubernetes; none when there are none. */
export function metadataDocuments(node: NodeSpec): Content[] {
  const machine = {
    nodeLabels: sortedOrNone(node.labels),
    nodeAnnotations: sortedOrNone(node.annotations),
    nodeTaints: sortedOrNone(node.taints),
  };
  return Object.values(machine).some((field) => field !== undefined) ? [{ machine }] : [];
}

function sortedOrNone(texts: Readonly<Record<string, string>>): Content | undefined {
  const keys = Object.keys(texts);
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.sort().map((key) => [key, texts[key]]));
}
