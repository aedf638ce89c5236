import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, processState, type ProcessIdentity } from "./process-identity";

/** How {@link withFileLock} waits. */
export interface FileLockOptions {
  /** Called once when another process holds the lock, before waiting. Defaults to nothing. */
  readonly onWait?: (owner: ProcessIdentity) => void;
  /** Time between two tries, in milliseconds. @default 100 */
  readonly pollMilliseconds?: number;
}

/**
 * Runs work that only one process at a time may do.
 *
 * A lock whose owner died is taken over. One whose owner runs on another machine (a shared home directory) is
 * waited for: nobody here can tell whether it lives.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  let waiting = false;
  while (!tryLock(path)) {
    const owner = lockOwner(path);
    if (owner !== undefined && !waiting) {
      waiting = true;
      options.onWait?.(owner);
    }
    await sleep(options.pollMilliseconds ?? 100);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Takes the lock if nobody has it; removes that of a dead owner, for the next try. */
function tryLock(path: string): boolean {
  // A link appears with its content, so that nobody reads a half-written owner.
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify(identify()));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    removeDead(path);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function removeDead(path: string): void {
  const owner = lockOwner(path);
  if (owner === undefined || processState(owner) !== "dead") return;
  const aside = `${path}.dead-${randomUUID()}`;
  try {
    renameSync(path, aside);
    // Between reading and renaming a living process may have taken the dead one's place: give it back.
    const moved = lockOwner(aside);
    if (moved !== undefined && processState(moved) !== "dead") linkSync(aside, path);
  } catch {
    // Another process was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}

function lockOwner(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
