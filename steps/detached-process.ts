import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runtimeDirectory } from "./runtime-directory";

/** How a detached process ended. */
export interface DetachedEnd {
  /** Exit code, or none when a signal ended it or it never started. */
  readonly code: number | undefined;
  /** The last it said, stdout and stderr in the order they were written. */
  readonly text: string;
  /** The program does not exist. */
  readonly missing: boolean;
}

/** A child that goes on when this process is killed. */
export interface DetachedProcess {
  readonly ended: Promise<DetachedEnd>;
  /** Ends it, and everything it started. */
  stop(): void;
  /** Lets it go on when this process is done: what it says is not read any more. */
  leave(): void;
}

export interface DetachedOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Descriptors the child gets as 3, 4, ... */
  readonly descriptors?: readonly number[];
  /** Called with each whole line it says. */
  readonly onLine?: (line: string) => void;
}

const pollMilliseconds = 100;
const keptCharacters = 64 * 1024;

/**
 * Starts a program that outlives this step, in a session of its own.
 *
 * What it says goes to a file without a name and not into a pipe: a program whose pipe has lost its
 * reader dies at its next word, and an installation would then be broken off in the middle. The
 * session of its own keeps it from the signal of one Ctrl-C, which a terminal sends to all of a group.
 */
export function startDetached(
  program: string,
  args: readonly string[],
  { environment, descriptors = [], onLine = () => undefined }: DetachedOptions,
): DetachedProcess {
  const output = new UnnamedFile();
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", output.descriptor, output.descriptor, ...descriptors],
    env: environment,
  });
  const reader = new LineReader(output, onLine);
  const timer = setInterval(() => reader.read(), pollMilliseconds);
  const ended = new Promise<DetachedEnd>((resolve) => {
    const end = (code: number | undefined, missing: boolean) => {
      clearInterval(timer);
      reader.finish();
      output.close();
      resolve({ code, text: reader.text, missing });
    };
    child.on("error", (error: NodeJS.ErrnoException) => end(undefined, error.code === "ENOENT"));
    // Not "close": something the program left behind may keep its output open for ever.
    child.on("exit", (code) => end(code ?? undefined, false));
  });
  const leave = () => {
    clearInterval(timer);
    child.unref();
  };
  return { ended, stop: () => killGroup(child.pid), leave };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A file that only descriptors reach. */
class UnnamedFile {
  readonly descriptor: number;
  private isOpen = true;

  constructor() {
    const file = path.join(runtimeDirectory(), `output-${process.pid}-${randomUUID()}`);
    // Appending: two descriptors of a child must not write over each other.
    this.descriptor = fs.openSync(file, "ax+", 0o600);
    fs.unlinkSync(file);
  }

  read(buffer: Buffer, position: number): number {
    return this.isOpen ? fs.readSync(this.descriptor, buffer, 0, buffer.length, position) : 0;
  }

  close(): void {
    if (this.isOpen) fs.closeSync(this.descriptor);
    this.isOpen = false;
  }
}

class LineReader {
  text = "";
  private position = 0;
  private unfinished = "";
  private readonly decoder = new TextDecoder();
  private readonly buffer = Buffer.alloc(keptCharacters);

  constructor(
    private readonly file: UnnamedFile,
    private readonly onLine: (line: string) => void,
  ) {}

  /** Reads what was written since the last time. */
  read(): void {
    for (;;) {
      const count = this.file.read(this.buffer, this.position);
      if (count === 0) return;
      this.position += count;
      this.take(this.decoder.decode(this.buffer.subarray(0, count), { stream: true }));
    }
  }

  finish(): void {
    this.read();
    if (this.unfinished !== "") this.onLine(this.unfinished);
    this.unfinished = "";
  }

  private take(text: string): void {
    this.text = (this.text + text).slice(-keptCharacters);
    const lines = (this.unfinished + text).split("\n");
    this.unfinished = lines.pop() ?? "";
    lines.forEach((line) => this.onLine(line));
  }
}
