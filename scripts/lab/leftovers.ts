import { readdirSync } from "node:fs";
import { sep } from "node:path";
import { identify, type ProcessIdentity } from "../toolchain/process-identity";
import { commandLine } from "./lab-process";

/** Programs a lab starts, and nobody else with a lab's directory among their arguments. */
const labPrograms = ["talos-lab", "etcd", "kube-apiserver"];

/**
 * Processes that a lab left behind: its programs, with a path inside its directory on their command line.
 *
 * A killed lab takes its children along. This finds what a kernel without that, or a child that was just being
 * started, would leave.
 */
export function leftoverProcesses(labDirectory: string): ProcessIdentity[] {
  return runningProcesses()
    .filter((pid) => pid !== process.pid && isLeftover(commandLine(pid), labDirectory))
    .map(identify);
}

/** Whether a command line is that of a program of the lab in this directory. */
export function isLeftover(words: readonly string[], labDirectory: string): boolean {
  const [program = "", ...rest] = words;
  if (!labPrograms.some((name) => program === name || program.endsWith(`${sep}${name}`)))
    return false;
  return rest.some((word) => mentions(word, labDirectory));
}

/** A word may be the directory, a path in it, or a flag with either. `/a/lab` must not be found in `/a/lab-two`. */
function mentions(word: string, directory: string): boolean {
  const value = word.replace(/^--?[^=]+=/, "");
  return value === directory || value.startsWith(`${directory}${sep}`);
}

function runningProcesses(): number[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}
