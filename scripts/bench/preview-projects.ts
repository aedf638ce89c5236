import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { NodeSpec } from "../../model/cluster-spec";
import { labEnvironment } from "../lab/environment";
import { LabDirectory } from "../lab/lab-directory";
import { runProgram } from "../lab/run-pulumi";
import { ensureToolchain, projectDirectory, silent } from "../toolchain";
import { ensurePlugins } from "../toolchain/plugins";
import { clusterFiles, stackValues } from "./bench-cluster";
import { documentsOf, madeUpCluster, writeFiles } from "./made-up-cluster";
import type { MinimalCluster, MinimalMachine } from "./minimal-program/input";

/** Our program and the minimal one, as two projects with one stack between them. */
export interface PreviewProjects {
  readonly ours: string;
  readonly minimal: string;
  readonly environment: Record<string, string>;
  readonly remove: () => void;
}

/**
 * Sets up both projects for a made-up cluster, with a Pulumi of their own. The stack holds the cluster's secrets and no machine:
 * a preview renders every config, and everything in it is new. No machine is there to be reached.
 */
export async function previewProjects(machines: number): Promise<PreviewProjects> {
  const directory = mkdtempSync(join(tmpdir(), "talos-bench-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const [ours, minimal] = [join(directory, "ours"), join(directory, "minimal")];
    writeProject(ours, "index.ts", machines);
    writeProject(minimal, "scripts/bench/minimal-program/index.ts", machines);
    const environment = await pulumiIn(join(directory, "lab"));
    const stack = ["--stack", "bench", "--non-interactive"];
    await pulumi(environment, ["-C", ours, "stack", "init", ...stack]);
    copyFileSync(join(ours, "Pulumi.bench.yaml"), join(minimal, "Pulumi.bench.yaml"));
    const targets = ["**TalosCluster::talos", "**talos-secrets"].flatMap((urn) => [
      "--target",
      urn,
    ]);
    await pulumi(environment, [
      "-C",
      minimal,
      "up",
      ...stack,
      ...targets,
      "--yes",
      "--skip-preview",
    ]);
    return { ours, minimal, environment, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs pulumi and gives what it printed. Throws with that when it fails. */
export async function pulumi(
  environment: Record<string, string>,
  words: readonly string[],
): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram("pulumi", words, {
    environment,
    directory: projectDirectory,
  });
  if (exitCode === 0) return stdout;
  throw new Error(`pulumi ${words.join(" ")}: exit code ${exitCode}\n${stdout}${stderr}`);
}

async function pulumiIn(path: string): Promise<Record<string, string>> {
  const lab = new LabDirectory(path);
  const toolchain = await ensureToolchain({ progress: silent });
  mkdirSync(lab.pulumiState, { recursive: true });
  await ensurePlugins({
    toolchain,
    root: projectDirectory,
    home: lab.pulumiHome,
    progress: silent,
  });
  return labEnvironment(lab, toolchain.binDirectory, false);
}

/** Both programs get the same project: only what index.ts is differs. */
function writeProject(directory: string, program: string, machines: number): void {
  const config = Object.entries({ ...stackValues, preview: { live: false } });
  writeFiles(directory, {
    ...clusterFiles(machines),
    "Pulumi.bench.yaml": stringify({
      config: Object.fromEntries(config.map(([key, value]) => [`talos-cluster:${key}`, value])),
    }),
    "machines.json": JSON.stringify(minimalCluster(machines)),
  });
  copyFileSync(join(projectDirectory, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
  symlinkSync(join(projectDirectory, program), join(directory, "index.ts"));
  for (const name of ["cli", "node_modules", "package.json", "tsconfig.json"])
    symlinkSync(join(projectDirectory, name), join(directory, name));
}

function minimalCluster(machines: number): MinimalCluster {
  const { controllers, workers } = madeUpCluster(machines);
  const nodes = [...controllers, ...workers];
  return {
    pins: stackValues,
    schematics: Object.fromEntries(
      nodes.map(({ schematicId, schematicYaml = "" }) => [schematicId, schematicYaml]),
    ),
    machines: nodes.map(minimalMachine),
  };
}

function minimalMachine(node: NodeSpec): MinimalMachine {
  const { name, address, role, images, schematicId, extensions = [] } = node;
  return {
    name,
    address: String(address),
    role,
    installerImage: images.installer,
    schematicId,
    extensions,
    documents: documentsOf(node),
  };
}
