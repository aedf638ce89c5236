import { spawn } from "node:child_process";

/** How a run of a program ended. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly environment: Record<string, string>;
  readonly directory: string;
  /** Whether it has the terminal instead of being read. @default false */
  readonly terminal?: boolean;
}

/** Signals that a terminal sends to everything in the foreground, pulumi included. */
const terminalSignals = ["SIGINT", "SIGTERM"] as const;

/** Runs a program to its end and never throws for its exit code; throws when it cannot be started. */
export function runProgram(
  program: string,
  programArguments: readonly string[],
  options: RunOptions,
): Promise<Finished> {
  const stdio =
    options.terminal === true ? "inherit" : ["ignore" as const, "pipe" as const, "pipe" as const];
  const child = spawn(program, [...programArguments], {
    env: options.environment,
    cwd: options.directory,
    stdio,
  });
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));

  // Ctrl-C is pulumi's: it finishes what it is at, and this process has to wait for that.
  const restore = options.terminal === true ? ignoreTerminalSignals() : () => {};
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      restore();
      reject(new Error(`${program}: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      restore();
      resolve({ exitCode: code ?? (signal === "SIGINT" ? 130 : 1), ...output });
    });
  });
}

function ignoreTerminalSignals(): () => void {
  const ignore = () => {};
  for (const signal of terminalSignals) process.on(signal, ignore);
  return () => {
    for (const signal of terminalSignals) process.off(signal, ignore);
  };
}
