import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** What a command printed, both streams together, and how it ended. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** How a program of a project is run. */
export interface RunOptions {
  readonly timeoutSeconds?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

const repository = resolve(__dirname, "../..");

/** Data a person edits: a project gets copies of these and links to everything else. */
const editable = new Set(["nodes", "patches", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.lab.yaml"]);
const leftOut = new Set([".git", ".lab", "coverage"]);

/** A project of its own for one test file: the same program, with data that the test may edit. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "talos-cluster-project-"));

  constructor(private readonly environment: NodeJS.ProcessEnv) {
    for (const entry of readdirSync(repository).filter((name) => !leftOut.has(name))) {
      const [from, to] = [join(repository, entry), join(this.directory, entry)];
      if (editable.has(entry)) cpSync(from, to, { recursive: true });
      else symlinkSync(from, to);
    }
  }

  /** Writes a file of the project; an undefined text removes it. */
  write(path: string, text: string | undefined): void {
    const target = join(this.directory, path);
    if (text === undefined) return rmSync(target, { force: true });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Runs pulumi in the project, with more variables where given; it is killed after the given time. */
  pulumi(
    args: readonly string[],
    { timeoutSeconds = 240, environment = {} }: RunOptions = {},
  ): Promise<Result> {
    return run(
      "pulumi",
      [...args, "--non-interactive", "--color", "never"],
      this.directory,
      { ...this.environment, ...environment },
      timeoutSeconds,
    );
  }

  /** Runs any program of the toolchain in the project. */
  run(program: string, args: readonly string[], timeoutSeconds = 120): Promise<Result> {
    return run(program, args, this.directory, this.environment, timeoutSeconds);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Runs a program to its end; a run that is over its time is a failure that says so. */
export function run(
  program: string,
  args: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv,
  timeoutSeconds: number,
): Promise<Result> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(
        new Error(
          `${program} ${args.join(" ")} was not over after ${timeoutSeconds} s; it printed:\n${output}`,
        ),
      );
    }, timeoutSeconds * 1000);
    child.on("error", fail);
    child.on("close", (code) => {
      clearTimeout(timer);
      done({ code: code ?? -1, output });
    });
  });
}
