import { readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The user's cache of this project, shared by all clones: built programs, downloaded plugins. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), ".cache");
  return join(base, "talos-cluster");
}

const unusedDays = 14;

/** Notes that a clone uses a built program. */
export function markUsed(directory: string): void {
  const now = new Date();
  try {
    utimesSync(directory, now, now);
  } catch {
    // A cache that is shared read-only is used all the same.
  }
}

/** Removes older builds of a program that no clone has used for two weeks: every change of our sources leaves one. */
export function removeUnused(toolsDirectory: string, name: string, now = Date.now()): void {
  for (const entry of readdirSync(toolsDirectory)) {
    if (!new RegExp(`^${name}-[0-9a-f]{16}$`).test(entry)) continue;
    const directory = join(toolsDirectory, entry);
    const unusedMilliseconds = now - statSync(directory).mtimeMs;
    if (unusedMilliseconds > unusedDays * 24 * 3600 * 1000)
      rmSync(directory, { recursive: true, force: true });
  }
}
