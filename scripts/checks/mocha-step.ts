import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countsFileVariable, liveVariable } from "./counting-reporter";
import { runPackage } from "./run-node";
import type { Counts, Step, StepResult } from "./step";

const reporter = join("scripts", "checks", "counting-reporter.ts");

/** Mocha over test files, in one process. */
export function mochaStep(name: string, files: readonly string[], live: boolean): Step {
  return { name, run: () => runMocha(files, live) };
}

async function runMocha(files: readonly string[], live: boolean): Promise<StepResult> {
  const temporary = mkdtempSync(join(tmpdir(), "talos-cluster-counts-"));
  const countsFile = join(temporary, "counts.json");
  try {
    const { exitCode, output } = await runPackage(
      "mocha/bin/mocha.js",
      ["--reporter", reporter, ...colours(), ...files],
      { live, environment: { [countsFileVariable]: countsFile, [liveVariable]: String(live) } },
    );
    return { ...countsOf(countsFile, exitCode), output };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Mocha takes CI for a terminal with colours. */
function colours(): string[] {
  return process.stdout.isTTY === true ? [] : ["--no-color"];
}

/** Without counts mocha did not get to its end, which is a failure of its own whatever it says. */
function countsOf(path: string, exitCode: number): Counts {
  if (!existsSync(path)) return { passed: 0, failed: 1 };
  const counts = JSON.parse(readFileSync(path, "utf8")) as Counts;
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
