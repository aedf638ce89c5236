import { dirname, join } from "node:path";
import { linkPrograms, placeBeside } from "./bin-directory";
import { buildPlan, type BuildPlan } from "./build-plan";
import { cacheDirectory } from "./cache";
import { builtProgram, installedProgram, type ReadyProgram } from "./ensure-program";
import { GoNotFoundError } from "./go-build";
import { findOnPath } from "./path-programs";
import { progressTo, type Progress } from "./progress";
import { programs, type ProgramName } from "./programs";

export { cacheDirectory } from "./cache";
export type { ReadyProgram } from "./ensure-program";
export { formatElapsed, progressTo, silent, type Progress } from "./progress";
export type { ProgramName } from "./programs";

/** The project's directory: where package.json is. */
export const projectDirectory = dirname(dirname(__dirname));

/** How {@link ensureToolchain} works. */
export interface ToolchainOptions {
  /** Programs that are needed. Defaults to all. */
  readonly only?: readonly ProgramName[];
  /** Clone whose tools are meant. Defaults to this one. */
  readonly root?: string;
  /** Where it looks for installed programs and for the user's cache. Defaults to this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Where it says what it does. Defaults to standard error. */
  readonly progress?: Progress;
}

/** Programs that are ready to be run. */
export interface Toolchain {
  /** Directory with a link to each program: goes first on PATH. */
  readonly binDirectory: string;
  readonly programs: ReadonlyMap<ProgramName, ReadyProgram>;
}

/**
 * Makes the programs available that the project runs, and links them in `.tools/bin`.
 *
 * What is on PATH in a fitting version is used; the rest is built from pinned Go modules into the user's cache,
 * once for all clones. Safe to call twice and at once. Throws when Go is missing or a build fails.
 */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const { root = projectDirectory, environment = process.env } = options;
  const progress = options.progress ?? progressTo("toolchain");
  const binDirectory = join(root, ".tools", "bin");
  const wanted = programs.filter(({ name }) => options.only?.includes(name) ?? true);
  const plans = wanted.map((program) => buildPlan(program, root, cacheDirectory(environment)));

  const installed = await Promise.all(
    plans.map((plan) => installedProgram(plan, environment.PATH ?? "", binDirectory)),
  );
  const ready: ReadyProgram[] = [];
  const failures: string[] = [];
  for (const [index, plan] of plans.entries()) {
    const host = hostBesideInstalledCli(plan, installed, environment.PATH ?? "", binDirectory);
    try {
      ready.push(installed[index] ?? host ?? (await builtProgram(plan, progress)));
    } catch (error) {
      failures.push((error as Error).message);
      if (error instanceof GoNotFoundError) break;
    }
  }

  const placed = besideEachOther(ready);
  linkPrograms(binDirectory, placed.filter(isLinked));
  // Only now: whoever needs one program is not kept waiting for another that does not build.
  if (failures.length > 0) throw new Error(failures.join("\n"));
  report(placed, progress);
  return { binDirectory, programs: new Map(placed.map((program) => [program.name, program])) };
}

/** An installed CLI comes with its own language host: ours would be the wrong one for it. */
function hostBesideInstalledCli(
  plan: BuildPlan,
  installed: readonly (ReadyProgram | undefined)[],
  path: string,
  binDirectory: string,
): ReadyProgram | undefined {
  const { name } = plan.program;
  const cli = installed.find((program) => program?.name === "pulumi");
  if (name !== "pulumi-language-nodejs" || cli === undefined) return undefined;
  const [found] = findOnPath(name, path, binDirectory);
  return found === undefined
    ? undefined
    : { name, path: found, version: cli.version, source: "path" };
}

const isLinked = ({ name }: ReadyProgram) =>
  programs.find((program) => program.name === name)?.linked ?? true;

function besideEachOther(ready: readonly ReadyProgram[]): ReadyProgram[] {
  const host = ready.find(({ name }) => name === "pulumi-language-nodejs");
  return ready.map((program) =>
    program.name === "pulumi" && program.source !== "path" && host !== undefined
      ? { ...program, path: placeBeside(program.path, host.path) }
      : program,
  );
}

function report(ready: readonly ReadyProgram[], progress: Progress): void {
  const from = (source: ReadyProgram["source"]) =>
    ready.filter((program) => program.source === source);
  const parts = [
    [
      from("path")
        .map(({ name, version }) => `${name} ${version}`)
        .join(", "),
      "from PATH",
    ],
    [countOf(from("built").length), "built"],
    [countOf(from("cache").length), "from the cache"],
  ];
  progress.say(
    `ready: ${parts.flatMap(([what, how]) => (what ? [`${what} ${how}`] : [])).join("; ")}`,
  );
}

const countOf = (count: number) => (count === 0 ? "" : `${count} program${count === 1 ? "" : "s"}`);
