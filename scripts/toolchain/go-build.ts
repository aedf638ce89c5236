import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** One build of a program. */
export interface GoBuild {
  /** Directory of the Go module. */
  readonly moduleDirectory: string;
  readonly packagePath: string;
  readonly linkerFlags: string;
  /** Where the program goes. It appears whole or not at all. */
  readonly output: string;
}

const lastLinesShown = 20;

/** Builds a program from its module. Throws with the end of Go's output, or with what to install when Go is missing. */
export async function goBuild(build: GoBuild): Promise<void> {
  const directory = dirname(build.output);
  mkdirSync(dirname(directory), { recursive: true });
  const temporary = mkdtempSync(`${directory}.building-`);
  const built = join(temporary, basename(build.output));
  try {
    await runGo(build, built);
    mkdirSync(directory, { recursive: true });
    renameSync(built, build.output);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Flags of every build: the same ones everywhere, so that Go's own cache is shared too. */
export function goBuildArguments(
  packagePath: string,
  linkerFlags: string,
  output: string,
): string[] {
  return [
    "build",
    "-mod=readonly",
    "-buildvcs=false",
    "-trimpath",
    "-ldflags",
    linkerFlags,
    "-o",
    output,
    packagePath,
  ];
}

function runGo(build: GoBuild, output: string): Promise<void> {
  const child = spawn("go", goBuildArguments(build.packagePath, build.linkerFlags, output), {
    cwd: build.moduleDirectory,
    // A workspace or flags of the user's would change the versions, or the program.
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const collect = (chunk: Buffer) => {
    lines.push(...chunk.toString().split("\n").filter(isTelling));
    lines.splice(0, lines.length - lastLinesShown);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);

  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(startFailure(error)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const ending = signal === null ? `exit code ${code}` : signal;
      reject(
        new Error(
          `${build.moduleDirectory}: building ${build.packagePath} failed (${ending}).\n${lines.join("\n")}`,
        ),
      );
    });
  });
}

const isTelling = (line: string) => line.trim() !== "" && !line.startsWith("go: downloading");

/** Go itself is missing: no other build needs to be tried. */
export class GoNotFoundError extends Error {
  constructor() {
    super(
      "go: not found on PATH. Install Go 1.26 or newer, or run `mise install`, then run the command again.",
    );
  }
}

function startFailure(error: NodeJS.ErrnoException): Error {
  return error.code === "ENOENT" ? new GoNotFoundError() : error;
}
