import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { StepName } from "../../steps/command-line";

/** A process of this computer, as the kernel shows it. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its command line; empty while it starts or ends. */
  readonly words: readonly string[];
}

/** Every process that this user may look at. */
export function runningProcesses(): RunningProcess[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const status = read(name, "stat");
    // The program's name is in brackets, and may hold some itself.
    const [state, parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    if (parent === undefined || state === "Z") return [];
    const words = read(name, "cmdline").split("\0").slice(0, -1);
    return [{ pid: Number(name), parent: Number(parent), words }];
  });
}

/** Processes that a process started, and those that these started. */
export function descendantsOf(pid: number, all = runningProcesses()): RunningProcess[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/** The program that a process runs, without its folder. */
export function programOf({ words }: RunningProcess): string {
  return basename(words[0] ?? "");
}

/** The node processes that work at a step of a machine; of a machine at another address none. */
export function stepProcesses(step: StepName, address: string): RunningProcess[] {
  return runningProcesses().filter(
    ({ pid, words }) =>
      words[1] === "-e" &&
      words[2]?.includes("talos-cluster/step") === true &&
      words[3] === step &&
      read(pid, "environ").split("\0").includes(`ADDRESS=${address}`),
  );
}

/** The talosctl processes that have a machine do something: `upgrade`, `reboot`. */
export function talosctlProcesses(address: string, ...commands: string[]): RunningProcess[] {
  return runningProcesses().filter((candidate) => {
    const { words } = candidate;
    const target = words.indexOf("--nodes");
    return (
      programOf(candidate) === "talosctl" &&
      words[target + 1] === address &&
      words.some((word) => commands.includes(word))
    );
  });
}

const intervalMilliseconds = 20;

/** Waits for what a look finds; throws when it finds nothing in time. */
export async function awaitFound<Found>(
  what: string,
  look: () => Found | undefined,
  seconds = 120,
): Promise<Found> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`${what}: not seen within ${seconds} s`);
    await sleep(intervalMilliseconds);
  }
}

/** `kill -9` of a process, or of a whole group when the number is negative; one that is gone already is no error. */
export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function read(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
