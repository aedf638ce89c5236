import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { markUsed, removeUnused } from "./cache";
import type { BuildPlan } from "./build-plan";
import { withFileLock } from "./file-lock";
import { goBuild } from "./go-build";
import { findOnPath, fittingProgram } from "./path-programs";
import type { Progress } from "./progress";
import type { ProgramName } from "./programs";

/** A program that is ready to be run. */
export interface ReadyProgram {
  readonly name: ProgramName;
  readonly path: string;
  /** Version of a third-party program; empty for our own. */
  readonly version: string;
  /** `path`: installed by the user. `cache`: built earlier. `built`: built just now. */
  readonly source: "path" | "cache" | "built";
}

/** The user's own program, where one fits; none otherwise. */
export async function installedProgram(
  plan: BuildPlan,
  path: string,
  ownBinDirectory: string,
): Promise<ReadyProgram | undefined> {
  const { name, onPath } = plan.program;
  if (onPath === undefined) return undefined;
  if (onPath.needs !== undefined && findOnPath(onPath.needs, path, ownBinDirectory).length === 0)
    return undefined;
  const found = await fittingProgram(findOnPath(name, path, ownBinDirectory), onPath, plan.version);
  return found === undefined ? undefined : { name, ...found, source: "path" };
}

/** The program from the cache, built into it first where it is missing. Only one process builds it at a time. */
export async function builtProgram(plan: BuildPlan, progress: Progress): Promise<ReadyProgram> {
  const { name, firstBuild } = plan.program;
  const ready = { name, path: plan.output, version: plan.version };
  if (existsSync(plan.output)) {
    markUsed(dirname(plan.output));
    return { ...ready, source: "cache" };
  }

  const label = [name, plan.version].filter((part) => part !== "").join(" ");
  const lock = `${dirname(plan.output)}.lock`;
  return withFileLock(
    lock,
    async () => {
      if (existsSync(plan.output)) return { ...ready, source: "cache" };
      const hint = firstBuild === undefined ? "" : ` (${firstBuild} when Go's cache is cold)`;
      const end = progress.begin(`${label}: building from its Go module`, hint);
      try {
        await goBuild({ ...plan, packagePath: plan.program.packagePath });
      } catch (error) {
        end(`${label}: failed`);
        throw error;
      }
      end(`${label}: built`);
      removeUnused(dirname(dirname(plan.output)), name);
      return { ...ready, source: "built" };
    },
    {
      onWait: (owner) => progress.say(`${label}: process ${owner.pid} builds it already, waiting`),
    },
  );
}
