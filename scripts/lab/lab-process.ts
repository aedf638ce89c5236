import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Toolchain } from "../toolchain";
import {
  identify,
  pidExists,
  processState,
  type ProcessIdentity,
} from "../toolchain/process-identity";
import type { LabDirectory } from "./lab-directory";
import { machinesOf, type LabPlan } from "./lab-plan";

const readyTimeoutMilliseconds = 60_000;
const endTimeoutMilliseconds = 15_000;
const pollMilliseconds = 25;

/** Starts `talos-lab serve` in the background and returns once it has a process. */
export function spawnLab(
  directory: LabDirectory,
  plan: LabPlan,
  toolchain: Toolchain,
): ProcessIdentity {
  const program = (name: Parameters<Toolchain["programs"]["get"]>[0]) =>
    toolchain.programs.get(name)?.path ?? name;
  const log = openSync(directory.logFile, "a", 0o600);
  const child = spawn(
    program("talos-lab"),
    [
      "serve",
      ...["--directory", directory.path],
      ...["--endpoint", plan.endpoint],
      ...["--machines", machinesOf(plan).join(",")],
      ...["--boot", plan.bootVersion],
      ...["--etcd", program("etcd")],
      ...["--kube-apiserver", program("kube-apiserver")],
    ],
    // A session of its own: Ctrl-C in this terminal is for pulumi, not for the machines.
    { detached: true, stdio: ["ignore", log, log], cwd: directory.path },
  );
  closeSync(log);
  child.on("error", () => {});
  child.unref();
  if (child.pid === undefined) throw new Error(`${program("talos-lab")}: could not be started.`);
  writeFileSync(directory.pidFile, `${child.pid}\n`);
  return identify(child.pid);
}

/** Waits until every machine answers in maintenance mode. Throws with the end of the log when the lab ends instead. */
export async function waitUntilReady(directory: LabDirectory, lab: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + readyTimeoutMilliseconds;
  while (!logOf(directory).split("\n").includes("ready")) {
    if (processState(lab) === "dead")
      throw new Error(`talos-lab ended before its machines were up:\n${lastLines(directory)}`);
    if (Date.now() > deadline)
      throw new Error(
        `talos-lab: its machines were not up after ${readyTimeoutMilliseconds / 1000} s:\n${lastLines(directory)}`,
      );
    await sleep(pollMilliseconds);
  }
}

/** Ends a process: asks first, then kills. Nothing to do when it is gone already. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (processState(identity) !== "alive") return;
    try {
      process.kill(identity.pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + endTimeoutMilliseconds;
    while (processState(identity) === "alive" && Date.now() < deadline)
      await sleep(pollMilliseconds);
  }
}

/** The pid file's process, for a lab whose record was never completed. */
export function processOfPidFile(directory: LabDirectory): ProcessIdentity | undefined {
  if (!existsSync(directory.pidFile)) return undefined;
  const pid = Number(readFileSync(directory.pidFile, "utf8"));
  return pidExists(pid) && commandLine(pid).includes(directory.path) ? identify(pid) : undefined;
}

/** The words of a process's command line; none when it is gone. */
export function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

const logOf = (directory: LabDirectory) =>
  existsSync(directory.logFile) ? readFileSync(directory.logFile, "utf8") : "";

const lastLines = (directory: LabDirectory) =>
  logOf(directory).trimEnd().split("\n").slice(-15).join("\n");
