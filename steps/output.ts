import { redact } from "./redaction";

/** Longest line: command 1.2.1 hangs on one over 64 KiB, and people read none over 8. */
export const maximumLineBytes = 8 * 1024;
/** Most a step ever prints. A longer previous output makes the resource's next run fail. */
export const maximumOutputBytes = 16 * 1024;
/** Part of the whole kept free for the last word: a failure must never be the line that is cut. */
const reservedBytes = 6 * 1024;

/** Something said during a step, and when. */
export interface Phase {
  readonly atSeconds: number;
  readonly text: string;
}

/** Voice of a step: one line a phase, each with the elapsed time, within fixed limits. */
export class Output {
  readonly phases: Phase[] = [];
  private usedBytes = 0;
  private full = false;

  constructor(
    private readonly write: (text: string) => void,
    private readonly elapsedSeconds: () => number,
    private readonly secrets: readonly string[] = [],
  ) {}

  /** A phase that is done or begins. */
  phase(text: string): void {
    if (this.full) return;
    const atSeconds = this.elapsedSeconds();
    const clean = oneLine(redact(text, this.secrets));
    const line = `${elapsed(atSeconds)} ${clean}`;
    if (this.usedBytes + Buffer.byteLength(line) + 1 > maximumOutputBytes - reservedBytes) {
      this.full = true;
      this.print(`${elapsed(atSeconds)} more lines are left out here`);
      return;
    }
    this.phases.push({ atSeconds: Math.round(atSeconds * 10) / 10, text: clean });
    this.print(line);
  }

  /** The last word of a step, several lines or one; takes what is left of the whole. */
  last(text: string, write: (text: string) => void = this.write): void {
    const left = maximumOutputBytes - this.usedBytes - 1;
    write(`${shorten(lines(redact(text, this.secrets)), left)}\n`);
    this.usedBytes = maximumOutputBytes;
  }

  private print(line: string): void {
    this.usedBytes += Buffer.byteLength(line) + 1;
    this.write(`${line}\n`);
  }
}

/** Elapsed time as every line shows it. */
export function elapsed(seconds: number): string {
  return `[${seconds.toFixed(1).padStart(6)}s]`;
}

/** Text cut to a number of bytes, saying so. */
export function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const mark = " (cut)";
  let end = Math.max(0, Math.min(text.length, bytes - mark.length));
  while (end > 0 && Buffer.byteLength(text.slice(0, end)) > bytes - mark.length) end -= 1;
  return text.slice(0, end) + mark;
}

function oneLine(text: string): string {
  return shorten(text.replace(/\s*[\r\n]+\s*/g, "; "), maximumLineBytes - 16);
}

function lines(text: string): string {
  return text
    .split("\n")
    .map((line) => shorten(line, maximumLineBytes - 1))
    .join("\n");
}
