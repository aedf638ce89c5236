import { parseDocument, type Document } from "yaml";
import type { DefaultsInput, NodeInput, PatchInput } from "./cluster-input";
import { patchText, writtenAs } from "./inline-patches";
import { nodesFileSchema, type NodesFile } from "./nodes-schema";
import type { Problem } from "./problem";
import { deferEmptied, salvage, withOwnKeys } from "./salvage";
import {
  pathText,
  typeProblems,
  unknownKeyProblems,
  valueAt,
  type Checked,
  type SchemaIssue,
  type ValuePath,
} from "./schema-problems";
import { valueOfYaml } from "./yaml-value";

/** What a nodes file holds: machines as far as they can be read, as written, and what is wrong. */
export interface ParsedNodesFile {
  readonly nodes: readonly NodeInput[];
  readonly defaults?: DefaultsInput;
  readonly problems: readonly Problem[];
}

/** Reads the text of a nodes file; values of a wrong type are reported and left out. Never throws. */
export function parseNodesFile(path: string, text: string): ParsedNodesFile {
  const document = parsed(text);
  const read = document === undefined ? { reason: "it is nested too deep" } : valueOfYaml(document);
  if ("reason" in read || document === undefined) {
    const reason = "reason" in read ? read.reason : "";
    return { nodes: [], problems: [{ path, text: `is not YAML: ${reason}. Correct the file.` }] };
  }
  const { value, problems } = readTyped(path, document, read.value);
  const nodes: readonly unknown[] = Array.isArray(value.nodes) ? value.nodes : [];
  const patches = nodes.map((_, index) => patchesOf(path, document, value, index));
  return {
    nodes: nodes.flatMap((node, index) =>
      isObject(node) ? { ...node, ...patches[index]?.patches } : [],
    ),
    ...(value.defaults === undefined ? {} : { defaults: value.defaults }),
    problems: [...problems, ...patches.flatMap((found) => found.problems)],
  };
}

function parsed(text: string): Document | undefined {
  try {
    return parseDocument(text, { uniqueKeys: true });
  } catch {
    // The parser calls itself for every level, and a stack ends somewhere.
    return undefined;
  }
}

/** The value with its types as they must be, and what was not so. */
function readTyped(
  file: string,
  document: Document,
  raw: unknown,
): { readonly value: Partial<NodesFile>; readonly problems: readonly Problem[] } {
  const checked = (value: unknown): Checked => ({
    file,
    value,
    schema: nodesFileSchema,
    writtenAs: (path) => writtenAs(document, path),
  });
  let value = raw;
  let result = nodesFileSchema.safeParse(value);
  const problems: Problem[] = [];
  const holders: ValuePath[] = [];
  // What stands under its right name may hold unknown keys in turn; so often that it takes ever more rounds it cannot be.
  for (let round = 0; round < 5 && !result.success; round += 1) {
    const unknown = result.error.issues.filter(isUnknownKeys);
    if (unknown.length === 0) break;
    value = withOwnKeys(value, unknown, nodesFileSchema);
    holders.push(...unknown.map(({ path }) => path));
    problems.push(...unknown.flatMap((issue) => unknownKeyProblems(checked(value), issue)));
    result = nodesFileSchema.safeParse(value);
  }
  const issues = result.success ? [] : result.error.issues;
  problems.push(...issues.flatMap((issue) => typeProblems(checked(value), issue)));
  const saved: unknown = result.success ? result.data : salvage(value, issues);
  deferEmptied(saved, holders);
  return { value: isObject(saved) ? saved : {}, problems };
}

type UnknownKeys = SchemaIssue & { readonly code: "unrecognized_keys" };

const isUnknownKeys = (issue: SchemaIssue): issue is UnknownKeys =>
  issue.code === "unrecognized_keys";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Patches of one machine as texts, and what cannot be one. */
function patchesOf(
  file: string,
  document: Document,
  value: unknown,
  index: number,
): { readonly patches?: Pick<NodeInput, "patches">; readonly problems: Problem[] } {
  const items = valueAt(value, ["nodes", index, "patches"]);
  if (!Array.isArray(items)) return { problems: [] };
  const patches: PatchInput[] = [];
  const problems: Problem[] = [];
  items.forEach((item: unknown, place) => {
    const path = ["nodes", index, "patches", place];
    const source = pathText({ file, value }, path);
    if (typeof item === "string" && item.startsWith("@"))
      problems.push({
        path: source,
        text: "names a file. Put the file into the folder patches/<name of the machine>, where it is found.",
      });
    else
      patches.push({
        source,
        text: typeof item === "string" ? item : patchText(document, path, item),
      });
  });
  return { patches: { patches }, problems };
}
