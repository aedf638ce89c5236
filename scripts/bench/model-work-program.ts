// All that the model does for one run of the program, as a process of its own: `node --require tsx/cjs <this file> <directory>`.
// The directory holds what the program would read, and in rendered.json what the plugin would answer.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { checkCluster } from "../../model/check-cluster";
import type { ClusterInput, PatchInput } from "../../model/cluster-input";
import type { NodeSpec } from "../../model/cluster-spec";
import { configText } from "../../model/config-text";
import { isKnown } from "../../model/deferred";
import { parseMachineConfig } from "../../model/machine-config";
import { nodeDocuments } from "../../model/node-documents";
import { parseNodesFile } from "../../model/nodes-file";
import { parsePatch } from "../../model/patch";
import { sortPatchFiles, type PatchFile } from "../../model/patch-folders";
import { fillVariables } from "../../model/patch-variables";
import { holdsSecretLeaf, redactConfig } from "../../model/redaction";
import { resolveCluster } from "../../model/resolve";
import { parseStackConfig } from "../../model/stack-config";

const directory = process.argv[2] ?? ".";
const rendered = JSON.parse(read("rendered.json")) as Record<string, string>;
const input = load();
const { problems } = checkCluster(input);
if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)));
const { controllers, workers } = resolveCluster(input);
const patches = new Map<PatchInput, readonly string[]>();
let characters = 0;
for (const node of [...controllers, ...workers])
  characters += [...documentsOf(node), shown(node)].join("").length;
console.log(JSON.stringify({ machines: controllers.length + workers.length, characters }));

function read(path: string): string {
  return readFileSync(join(directory, path), "utf8");
}

/** As config.ts does it, without Pulumi. */
function load(): ClusterInput {
  const stack = parseStackConfig(JSON.parse(read("stack.json")) as Record<string, string>);
  const machines = parseNodesFile("nodes/bench.yaml", read("nodes/bench.yaml"));
  const folders = sortPatchFiles(patchFiles(), {
    root: "patches",
    stack: "bench",
    stacks: ["bench"],
    nodeNames: machines.nodes.flatMap(({ name }) => name ?? []),
    otherNodeNames: [],
  });
  const problems = [...stack.problems, ...machines.problems, ...folders.problems];
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)));
  const { nodes, defaults } = machines;
  return { ...stack.config, nodes, defaults, patches: folders.patches };
}

function patchFiles(): PatchFile[] {
  const root = join(directory, "patches");
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({
      path: join("patches", relative(root, parentPath), name),
      folders: relative(root, parentPath).split(sep),
      text: readFileSync(join(parentPath, name), "utf8"),
    }));
}

/** As components/node-layers.ts and patch-layers.ts do it: facts for each machine, each patch once. */
function documentsOf(node: NodeSpec): string[] {
  const { installDisk } = node;
  const facts = {
    versionContract: input.versionContract ?? "",
    installDisk: isKnown(installDisk) ? installDisk : undefined,
  };
  return [...nodeDocuments(node, facts), ...node.patches.flatMap(patchTexts)];
}

function patchTexts(patch: PatchInput): readonly string[] {
  const known = patches.get(patch);
  if (known !== undefined || !isKnown(patch.text)) return known ?? [];
  const { documents } = parsePatch(patch.source, patch.text);
  const texts = documents.map((document) =>
    holdsSecretLeaf(document.value) ? "" : fillVariables(document, {}),
  );
  patches.set(patch, texts);
  return texts;
}

/** As components/machine-outputs.ts does it. */
function shown({ name }: NodeSpec): string {
  const documents = parseMachineConfig(rendered[name] ?? "");
  return configText(redactConfig(documents, { key: "bench" }));
}
