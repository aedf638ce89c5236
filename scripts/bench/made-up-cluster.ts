import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ClusterInput } from "../../model/cluster-input";
import type { ClusterSpec, NodeSpec } from "../../model/cluster-spec";
import { isKnown } from "../../model/deferred";
import { nodeDocuments } from "../../model/node-documents";
import { parseNodesFile } from "../../model/nodes-file";
import { parsePatch } from "../../model/patch";
import { sortPatchFiles, type PatchFile } from "../../model/patch-folders";
import { resolveCluster } from "../../model/resolve";
import { clusterFiles, stackValues } from "./bench-cluster";

/** Writes texts to files below a directory. */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** A made-up cluster with everything decided, as the program decides it. */
export function madeUpCluster(machines: number): ClusterSpec {
  const files = clusterFiles(machines);
  const { nodes, defaults } = parseNodesFile("nodes", files["nodes/bench.yaml"] ?? "");
  const { patches } = sortPatchFiles(
    Object.entries(files).flatMap(([path, text]) => patchFile(path, text)),
    {
      root: "patches",
      stack: "bench",
      stacks: ["bench"],
      nodeNames: nodes.flatMap(({ name }) => name ?? []),
      otherNodeNames: [],
    },
  );
  const input: ClusterInput = { ...stackValues, nodes, defaults, patches };
  return resolveCluster(input);
}

/** Everything that is merged over a machine's base config, one document an entry. */
export function documentsOf(node: NodeSpec): string[] {
  const { installDisk } = node;
  const facts = {
    versionContract: stackValues.versionContract,
    installDisk: isKnown(installDisk) ? installDisk : undefined,
  };
  const patches = node.patches.flatMap(({ source, text }) =>
    isKnown(text) ? parsePatch(source, text).documents.map((document) => document.text) : [],
  );
  return [...nodeDocuments(node, facts), ...patches];
}

function patchFile(path: string, text: string): PatchFile[] {
  const [root, ...folders] = path.split("/");
  return root === "patches" ? [{ path, folders: folders.slice(0, -1), text }] : [];
}
