import { spawn } from "node:child_process";

/** How a child process ended. */
export interface Ended {
  /** Exit code, or none when it was killed or never started. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** It was killed: its own time, or the step's, was up. */
  readonly timedOut: boolean;
  /** The program does not exist. */
  readonly missing: boolean;
}

export interface RunOptions {
  readonly timeoutSeconds: number;
  /** Ends the child when the whole step ends. */
  readonly signal?: AbortSignal;
  /** Descriptors the child gets as 3, 4, ... */
  readonly descriptors?: readonly number[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with each whole line of stderr as it comes. */
  readonly onStderrLine?: (line: string) => void;
  /** Called with each whole line of stdout as it comes. */
  readonly onStdoutLine?: (line: string) => void;
}

/** More than any answer we read: a config of 1 MiB, twice, and room. */
const maximumAnswerBytes = 8 * 1024 * 1024;

/** Runs a program to its end, never through a shell; what it says is kept, not passed on. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe", ...(options.descriptors ?? [])],
      env: options.environment ?? process.env,
    });
    let timedOut = false;
    let missing = false;
    const kill = () => {
      timedOut = true;
      // Not SIGTERM: talosctl answers that by waiting for its call, which is what hangs.
      child.kill("SIGKILL");
    };
    const timer = setTimeout(kill, options.timeoutSeconds * 1000);
    const stdout = collect(child.stdout, options.onStdoutLine);
    const stderr = collect(child.stderr, options.onStderrLine);
    options.signal?.addEventListener("abort", kill);
    if (options.signal?.aborted === true) kill();
    const end = (code: number | null) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", kill);
      resolve({ code: code ?? undefined, stdout: stdout(), stderr: stderr(), timedOut, missing });
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      missing = error.code === "ENOENT";
      end(null);
    });
    child.on("close", end);
  });
}

function collect(
  stream: NodeJS.ReadableStream | null,
  onLine?: (line: string) => void,
): () => string {
  let text = "";
  let unfinished = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    if (text.length + chunk.length <= maximumAnswerBytes) text += chunk;
    if (onLine === undefined) return;
    const lines = (unfinished + chunk).split("\n");
    unfinished = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  return () => text;
}
