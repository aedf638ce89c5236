import { parseDocument } from "yaml";
import { z } from "zod";
import type { NodeInput } from "./cluster-input";
import type { Problem } from "./problem";
import { problemsOfSchema } from "./schema-problems";
import { valueOfYaml } from "./yaml-value";

const schematic = z
  .strictObject({
    customization: z
      .strictObject({
        systemExtensions: z
          .strictObject({
            officialExtensions: z
              .array(z.string())
              .describe("Official extensions, for example siderolabs/iscsi-tools."),
          })
          .optional(),
      })
      .optional(),
  })
  .describe("What goes into the boot image beyond Talos itself; its id is computed offline.");

const node = z.strictObject({
  name: z.string().describe("Host name of the machine; it identifies the machine for ever."),
  address: z.string().describe("Address the Talos API answers at, without a mask."),
  controller: z.boolean().default(false).describe("Whether the machine runs the control plane."),
  installDisk: z.string().describe("Disk Talos is installed to, for example /dev/nvme0n1."),
  schematic: schematic.optional(),
  schematicId: z
    .string()
    .optional()
    .describe("Id of a schematic that the image factory knows already; instead of schematic."),
});

/** Form of a nodes file. */
export const nodesFileSchema = z.strictObject({ nodes: z.array(node) });

/** What a nodes file holds: machines as far as they can be read, and what is wrong. */
export interface ParsedNodesFile {
  readonly nodes: readonly NodeInput[];
  readonly problems: readonly Problem[];
}

/** Reads the text of a nodes file; values of a wrong type are reported and left out. Never throws. */
export function parseNodesFile(path: string, text: string): ParsedNodesFile {
  const read = valueOfYaml(parseDocument(text, { uniqueKeys: true }));
  if ("reason" in read) {
    return {
      nodes: [],
      problems: [{ path, text: `is not YAML: ${read.reason}. Correct the file.` }],
    };
  }
  const { value } = read;
  const parsed = nodesFileSchema.safeParse(value);
  if (parsed.success) return { nodes: parsed.data.nodes, problems: [] };
  return {
    nodes: salvage(value),
    problems: problemsOfSchema(path, parsed.error.issues, value, nodesFileSchema),
  };
}

/** Machines with what is of the right type, so that their other faults are found in the same run. */
function salvage(value: unknown): NodeInput[] {
  const list: unknown =
    typeof value === "object" && value !== null && "nodes" in value ? value.nodes : [];
  if (!Array.isArray(list)) return [];
  return list.filter((item) => typeof item === "object" && item !== null).map(salvageNode);
}

function salvageNode(item: Record<string, unknown>): NodeInput {
  const fields = Object.entries(node.shape).map(([key, schema]) => [
    key,
    schema.safeParse(item[key]).data,
  ]);
  return Object.fromEntries(fields) as NodeInput;
}
