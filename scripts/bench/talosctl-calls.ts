import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** One call of talosctl, by a step or whoever had the recorder's environment. */
export interface TalosctlCall {
  /** Process that made it. */
  readonly parent: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly words: readonly string[];
}

/** Fields of a line are apart by what no argument holds. */
const separator = "\u001f";

/** A talosctl that comes first on PATH, takes down its calls, and lets the real one answer. */
export class TalosctlCalls {
  private readonly log: string;

  constructor(
    private readonly directory: string,
    private readonly program: string,
  ) {
    mkdirSync(directory, { recursive: true });
    this.log = join(directory, "calls");
    const script = join(directory, "talosctl");
    writeFileSync(script, this.script());
    chmodSync(script, 0o755);
  }

  /** An environment whose talosctl is the recording one. */
  environment(base: Readonly<Record<string, string>>): Record<string, string> {
    return { ...base, PATH: [this.directory, base.PATH ?? ""].join(delimiter) };
  }

  /** What was called since the last time this was asked. */
  take(): TalosctlCall[] {
    const lines = readFileSync(this.log, "utf8").split("\n").filter(Boolean);
    rmSync(this.log);
    return lines.map((line) => {
      const [parent, from, to, ...words] = line.split(separator);
      return { parent: Number(parent), fromSeconds: Number(from), toSeconds: Number(to), words };
    });
  }

  /** A line is shorter than what the kernel writes in one piece, so calls side by side do not mix. */
  private script(): string {
    return [
      "#!/bin/bash",
      "from=$EPOCHREALTIME",
      `"${this.program}" "$@"`,
      "code=$?",
      `line="$PPID"$'\\x1f'"$from"$'\\x1f'"$EPOCHREALTIME"`,
      `for word in "$@"; do line+=$'\\x1f'"$word"; done`,
      `echo "$line" >> "${this.log}"`,
      "exit $code",
      "",
    ].join("\n");
  }
}

/** Time in which at least one of the calls was under way. */
export function busySeconds(calls: readonly TalosctlCall[]): number {
  const sorted = [...calls].sort((one, other) => one.fromSeconds - other.fromSeconds);
  let busy = 0;
  let until = 0;
  for (const { fromSeconds, toSeconds } of sorted) {
    busy += Math.max(0, toSeconds - Math.max(until, fromSeconds));
    until = Math.max(until, toSeconds);
  }
  return busy;
}
