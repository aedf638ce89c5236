import type { NodeSpec } from "./cluster-spec";
import { documentKey, mainDocumentKey } from "./document-key";
import { nodeContents } from "./node-documents";

/** Where a machine's facts stand in its config: what a patch may not say in another form. */
export interface FactPlaces {
  readonly factKeys: readonly string[];
  /** Fields of the main document, three levels deep: `machine.network.nameservers`. */
  readonly factFields: readonly string[];
}

/** Places of a machine's facts, each once. */
export function factPlaces(node: NodeSpec, versionContract: string): FactPlaces {
  const keys = new Set<string>();
  const fields = new Set<string>();
  for (const content of nodeContents(node, { versionContract, installDisk: "/dev/disk" })) {
    const key = documentKey(content);
    keys.add(key);
    if (key === mainDocumentKey) addFields(fields, content, "", 3);
  }
  return { factKeys: [...keys], factFields: [...fields] };
}

function addFields(fields: Set<string>, content: object, prefix: string, levels: number): void {
  for (const [key, value] of Object.entries(content) as [string, unknown][]) {
    const field = prefix === "" ? key : `${prefix}.${key}`;
    const isDeeper = typeof value === "object" && value !== null && !Array.isArray(value);
    if (levels > 1 && isDeeper) addFields(fields, value, field, levels - 1);
    else if (value !== undefined) fields.add(field);
  }
}
