import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse, satisfies } from "semver";
import type { PathRule } from "./programs";

const run = promisify(execFile);
const versionTimeoutMilliseconds = 10_000;

/** An installed program that will do. */
export interface InstalledProgram {
  readonly path: string;
  readonly version: string;
}

/** Paths of all programs of this name on PATH, in its order, but for those in `except`. */
export function findOnPath(name: string, path: string, except: string): string[] {
  return path
    .split(delimiter)
    .filter((directory) => directory !== "" && !sameDirectory(directory, except))
    .map((directory) => join(directory, name))
    .filter(isExecutable);
}

/** The first program on PATH whose version fits; none when all are too old, too new or do not say. */
export async function fittingProgram(
  candidates: readonly string[],
  rule: PathRule,
  pin: string,
): Promise<InstalledProgram | undefined> {
  const range = rule.fits(pin);
  for (const path of candidates) {
    const version = await askVersion(path, rule.versionArguments);
    if (version !== undefined && fits(version, range)) return { path, version };
  }
  return undefined;
}

/** Whether a version, as a program prints it, is in a range. */
export function fits(version: string, range: string): boolean {
  return satisfies(version, range);
}

/** The first version in a program's output: `Client Talos v1.13.0`, `Client Version: v1.35.3`, `v3.259.0`. */
export function versionIn(output: string): string | undefined {
  const found = /\bv\d+\.\d+\.\d+[0-9A-Za-z.+-]*/.exec(output)?.[0];
  return parse(found) === null ? undefined : found;
}

async function askVersion(
  path: string,
  versionArguments: readonly string[],
): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, [...versionArguments], {
      timeout: versionTimeoutMilliseconds,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return versionIn(stdout);
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Our own links are on PATH inside `lab:pulumi`: what they point to must not count as installed. */
function sameDirectory(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return dirname(join(one, "x")) === dirname(join(other, "x"));
  }
}
