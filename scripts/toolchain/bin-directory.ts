import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Makes `<directory>/<name>` a link to each program, without a moment in which it is missing. */
export function linkPrograms(
  directory: string,
  programs: readonly { name: string; path: string }[],
): void {
  mkdirSync(directory, { recursive: true });
  for (const { name, path } of programs) {
    const link = join(directory, name);
    if (linkTarget(link) === path) continue;
    const temporary = `${link}.${randomUUID()}`;
    symlinkSync(path, temporary);
    renameSync(temporary, link);
  }
}

/**
 * Puts a built Pulumi CLI beside its language host and returns its path there.
 *
 * The CLI looks for the host beside its own file; one that it finds only on PATH costs a warning in every run.
 * The host's directory is the one that changes with the host, so the CLI comes to it, as a hard link.
 */
export function placeBeside(program: string, neighbour: string): string {
  const placed = join(dirname(neighbour), basename(program));
  if (existsSync(placed)) return placed;
  const temporary = `${placed}.${randomUUID()}`;
  try {
    linkSync(program, temporary);
  } catch {
    // Not every file system has hard links.
    copyFileSync(program, temporary);
  }
  renameSync(temporary, placed);
  return placed;
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
