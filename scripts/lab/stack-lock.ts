import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pidExists } from "../toolchain/process-identity";
import { projectName, stackName } from "./committed-stack";

/** A lock as Pulumi's file backend writes it. */
export interface StackLock {
  readonly pid: number;
  readonly hostname: string;
  readonly timestamp?: string;
}

/** A lock with the file it stands in. */
export interface FoundLock extends StackLock {
  readonly path: string;
}

/**
 * Whether a lock's pulumi is certainly gone: it ran on this machine, and no pulumi has its process id now.
 *
 * A lock of another machine is never stale to us: only `pulumi cancel`, by a person who knows, may clear it.
 */
export function isStale(
  lock: StackLock,
  isPulumi: (pid: number) => boolean,
  host = hostname(),
): boolean {
  return lock.hostname === host && !isPulumi(lock.pid);
}

/** Locks on the lab's stack. */
export function stackLocks(pulumiState: string): FoundLock[] {
  const directory = join(pulumiState, ".pulumi", "locks", "organization", projectName, stackName);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const path = join(directory, name);
      try {
        return [{ ...(JSON.parse(readFileSync(path, "utf8")) as StackLock), path }];
      } catch {
        // Being written, or removed by its pulumi just now.
        return [];
      }
    });
}

/** Clears the locks that a killed pulumi left, and says so. */
export function clearStaleLocks(pulumiState: string, say: (text: string) => void): void {
  for (const lock of stackLocks(pulumiState)) {
    if (!isStale(lock, isRunningPulumi)) continue;
    rmSync(lock.path, { force: true });
    rmSync(`${lock.path}.attrs`, { force: true });
    say(
      `the stack was locked by pulumi (process ${lock.pid} of this machine), which is gone: lock cleared`,
    );
  }
}

/** Whether this process id is a running pulumi's: after a restart it may be anyone's. */
export function isRunningPulumi(pid: number): boolean {
  if (!pidExists(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "pulumi";
  } catch {
    return true;
  }
}
