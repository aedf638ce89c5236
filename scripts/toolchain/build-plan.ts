import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "./content-hash";
import { pinnedVersion } from "./pinned-version";
import type { Program } from "./programs";

/** What has to be built for a program, and where it belongs. */
export interface BuildPlan {
  readonly program: Program;
  /** Pinned version of a third-party program; empty for our own. */
  readonly version: string;
  readonly linkerFlags: string;
  /** Directory of the module, absolute. */
  readonly moduleDirectory: string;
  /** The program in the user's cache: its directory carries the content's hash. */
  readonly output: string;
}

/** The plan for a program in a clone. Reads the module's files, builds nothing. */
export function buildPlan(program: Program, root: string, cache: string): BuildPlan {
  const moduleDirectory = join(root, program.moduleDirectory);
  const version = versionOf(program, moduleDirectory);
  const linkerFlags = [
    "-s -w",
    ...Object.entries(program.linkerVariables?.(version) ?? {}).map(
      ([key, value]) => `-X ${key}=${value}`,
    ),
  ].join(" ");
  const hash = contentHash({
    moduleDirectory,
    exclude: program.exclude,
    parameters: [program.packagePath, linkerFlags, process.platform, process.arch],
  });
  const output = join(cache, "tools", `${program.name}-${hash}`, program.name);
  return { program, version, linkerFlags, moduleDirectory, output };
}

function versionOf(program: Program, moduleDirectory: string): string {
  if (program.pinnedModule === undefined) return "";
  return pinnedVersion(readFileSync(join(moduleDirectory, "go.mod"), "utf8"), program.pinnedModule);
}
