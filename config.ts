import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { TalosClusterArgs } from "./components";
import { checkCluster } from "./model/check-cluster";
import { secretsBundleProblem } from "./model/check-secrets-bundle";
import type { ClusterInput } from "./model/cluster-input";
import { parseNodesFile, type ParsedNodesFile } from "./model/nodes-file";
import { sortPatchFiles, type PatchFile, type PatchFolders } from "./model/patch-folders";
import { plainVariables } from "./model/plain-variables";
import { describeProblems, type Problem } from "./model/problem";
import { parseStackConfig, type ParsedStackConfig, type StackConfig } from "./model/stack-config";

/** Where {@link loadPatches} looks for names, beside the patches folder itself. */
export interface LoadPatchesOptions {
  /** Stack whose variants apply. Defaults to none. */
  readonly stack?: string;
  /** All stacks of the project. Defaults to `stack` alone. */
  readonly stacks?: readonly string[];
  /** Machines whose folders are taken. Defaults to none. */
  readonly nodeNames?: readonly string[];
  /** Machines of other stacks, whose folders are passed over. Defaults to none. */
  readonly otherNodeNames?: readonly string[];
}

/**
 * Patches of a folder by scope: `<directory>/global`, `controller`, `worker` and one folder a machine.
 *
 * A folder that is missing holds no patches; one that is neither a scope nor a machine is a problem.
 */
export function loadPatches(directory: string, options: LoadPatchesOptions = {}): PatchFolders {
  const { stack = "", stacks = [stack], nodeNames = [], otherNodeNames = [] } = options;
  const files = existsSync(directory) ? patchFilesIn(directory) : [];
  return sortPatchFiles(files, { root: directory, stack, stacks, nodeNames, otherNodeNames });
}

/** Everything the program needs, from stack config, the nodes file and the patches folder. All problems are thrown together. */
export function loadCluster(): TalosClusterArgs {
  const stack = pulumi.getStack();
  const { config, problems: configProblems } = readStackConfig();
  const nodesPath = config.nodesFile ?? `nodes/${stack}.yaml`;
  const machines = readNodesFile(nodesPath);
  const patches = readPatches(config.patchesDirectory ?? "patches", stack, nodesPath, machines);
  const { nodes, defaults } = machines;
  const input: ClusterInput = { ...config, nodes, defaults, patches: patches.patches };
  const checked = checkCluster(input);
  const inFile = checked.problems.map((problem) => locate(problem, nodesPath));
  reject([
    ...configProblems,
    ...machines.problems,
    ...patches.problems,
    ...inFile,
    ...fileProblems(config),
  ]);
  return { ...input, patchVariables: variablesOf(config, stack) } as TalosClusterArgs;
}

/** What is wrong with files that the config names, and other programs read. */
function fileProblems({ secretsBundle = "", bootstrap }: StackConfig): Problem[] {
  const { recoverFrom = "" } = bootstrap ?? {};
  const problems: Problem[] = [];
  // Once the stack has its secrets nobody reads the bundle, and it is gone where it should be.
  const bundle = existsSync(secretsBundle)
    ? secretsBundleProblem(readFileSync(secretsBundle, "utf8"))
    : undefined;
  if (bundle !== undefined)
    problems.push({ path: `secretsBundle: ${secretsBundle}`, text: bundle });
  if (recoverFrom !== "" && !existsSync(recoverFrom))
    problems.push({
      path: "bootstrap.recoverFrom",
      text: `"${recoverFrom}" is no file. Give the path of an etcd snapshot from the project's folder; take it out once the cluster is back.`,
    });
  return problems;
}

function readStackConfig(): ParsedStackConfig {
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) =>
    key.startsWith(prefix()),
  );
  return parseStackConfig(
    Object.fromEntries(own.map(([key, value]) => [key.slice(prefix().length), value])),
  );
}

function prefix(): string {
  return `${pulumi.getProject()}:`;
}

/**
 * Patch variables, all but those that stand in plain in the stack's file marked as secret.
 *
 * Pulumi itself tells only whether a secret is anywhere below the whole key.
 */
function variablesOf(
  { patchVariables = {} }: StackConfig,
  stack: string,
): Record<string, pulumi.Input<string>> {
  if (Object.keys(patchVariables).length === 0) return {};
  const path = process.env.PULUMI_OPTION_CONFIG_FILE ?? `Pulumi.${stack}.yaml`;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const plain = plainVariables(text, `${prefix()}patchVariables`, patchVariables);
  const entries = Object.entries(patchVariables).map(([name, value]) => [
    name,
    plain.has(name) ? value : pulumi.secret(value),
  ]);
  return Object.fromEntries(entries) as Record<string, pulumi.Input<string>>;
}

function readNodesFile(path: string): ParsedNodesFile {
  if (existsSync(path)) return parseNodesFile(path, readFileSync(path, "utf8"));
  const text =
    "there is no such file. Describe the machines of this stack in it: see nodes/dev.yaml for an example.";
  return { nodes: [], problems: [{ path, text }] };
}

function readPatches(
  directory: string,
  stack: string,
  nodesPath: string,
  machines: ParsedNodesFile,
): PatchFolders {
  const nodeNames = machines.nodes.flatMap((node) => node.name ?? []);
  const stacks = [...new Set([stack, ...stacksOfProject()])];
  const otherNodeNames = nodesFiles()
    .filter((path) => path !== nodesPath)
    .flatMap((path) =>
      parseNodesFile(path, readFileSync(path, "utf8")).nodes.flatMap((node) => node.name ?? []),
    );
  return loadPatches(directory, { stack, stacks, nodeNames, otherNodeNames });
}

function stacksOfProject(): string[] {
  return readdirSync(".").flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? []);
}

function nodesFiles(): string[] {
  return existsSync("nodes")
    ? readdirSync("nodes")
        .filter((name) => name.endsWith(".yaml"))
        .map((name) => `nodes/${name}`)
    : [];
}

function patchFilesIn(directory: string): PatchFile[] {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const folders = relative(directory, entry.parentPath)
        .split(sep)
        .filter((part) => part !== "");
      return { path, folders, text: readFileSync(path, "utf8") };
    });
}

/** Says in which file a machine stands: the model knows machines only by name. */
function locate(problem: Problem, nodesPath: string): Problem {
  return /^(nodes|defaults)\b(?!\/)/.test(problem.path)
    ? { ...problem, path: `${nodesPath}: ${problem.path}` }
    : problem;
}

function reject(problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new pulumi.RunError(describeProblems(`Stack "${pulumi.getStack()}"`, problems));
}
