import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process that can be told from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the kernel started it, in its own ticks; empty where that cannot be read. */
  readonly startedAt: string;
}

/** What is known of a process from its {@link ProcessIdentity}: on another machine nobody can tell. */
export type ProcessState = "alive" | "dead" | "elsewhere";

/** The identity of a process of this machine, this very one by default. */
export function identify(pid = process.pid): ProcessIdentity {
  return { pid, host: hostname(), startedAt: startTime(pid) };
}

/** Whether a process still runs. Process ids are used again: the start time tells the old from the new. */
export function processState(identity: ProcessIdentity): ProcessState {
  if (identity.host !== hostname()) return "elsewhere";
  if (!pidExists(identity.pid)) return "dead";
  const now = startTime(identity.pid);
  return now === "" || identity.startedAt === "" || now === identity.startedAt ? "alive" : "dead";
}

/** Whether some process has this id and is more than a zombie. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return statusFields(pid)[0] !== "Z";
}

function startTime(pid: number): string {
  return statusFields(pid)[19] ?? "";
}

/** Fields of /proc/<pid>/stat from the state on; none where there is no /proc. The name before them may hold blanks. */
function statusFields(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
