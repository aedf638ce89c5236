import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkCluster } from "../../model/check-cluster";
import type { ClusterInput } from "../../model/cluster-input";
import type { ClusterSpec, NodeSpec } from "../../model/cluster-spec";
import { nodeDocuments } from "../../model/node-documents";
import { parseNodesFile } from "../../model/nodes-file";
import { problemLine } from "../../model/problem";
import { resolveCluster } from "../../model/resolve";

/** A cluster as a person writes it, with what its machines are told beside it. */
export interface GoldenCase {
  readonly name: string;
  readonly spec: ClusterSpec;
  /** One machine of each role, and the file with its documents. */
  readonly machines: readonly { readonly node: NodeSpec; readonly path: string }[];
  /** Files with documents that stand in the case's directory. */
  readonly found: readonly string[];
}

const directory = join(__dirname, "..", "golden");
const inputs = ["nodes.yaml", "stack.yaml"];

/** Every case under tests/golden, read and checked as a run would. */
export function goldenCases(): GoldenCase[] {
  return readdirSync(directory).sort().map(readCase);
}

function readCase(name: string): GoldenCase {
  const [nodesFile = "", stackFile = ""] = inputs.map((file) => join(directory, name, file));
  const { nodes, defaults, problems } = parseNodesFile("nodes", readFileSync(nodesFile, "utf8"));
  const stack = parse(readFileSync(stackFile, "utf8")) as Partial<ClusterInput>;
  const input: ClusterInput = { ...stack, nodes, defaults };
  const found = [...problems, ...checkCluster(input).problems].map(problemLine);
  assert.deepEqual(found, [], name);
  const spec = resolveCluster(input);
  const machines = [spec.controllers[0], spec.workers[0]].filter((node) => node !== undefined);
  return {
    name,
    spec,
    machines: machines.map((node) => ({ node, path: join(directory, name, `${node.name}.yaml`) })),
    found: readdirSync(join(directory, name))
      .filter((file) => !inputs.includes(file))
      .map((file) => join(directory, name, file)),
  };
}

/** All documents of a machine's own facts as one text. */
export function documentsText(node: NodeSpec, spec: ClusterSpec): string {
  return documentsOf(node, spec).join("---\n");
}

/** Documents of a machine's own facts. */
export function documentsOf(node: NodeSpec, { versionContract }: ClusterSpec): readonly string[] {
  const installDisk = typeof node.installDisk === "string" ? node.installDisk : undefined;
  return nodeDocuments(node, { versionContract, installDisk });
}
