import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runProgram } from "./child-process";
import type { Deadline } from "./deadline";
import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";

/** Lock on a machine. The kernel frees it when the last process that holds the descriptor is gone. */
export interface Lock {
  /** Given to every child, so that a child that outlives a killed step keeps the machine locked. */
  readonly descriptor: number;
  release(): void;
}

export interface LockOptions {
  /** Private directory of this user, the same for every step. */
  readonly directory: string;
  readonly cluster: string;
  readonly machine: Machine;
  /** Name of the step that asks, for the message of the next one. */
  readonly step: string;
  readonly deadline: Deadline;
  readonly onWait: (text: string) => void;
}

/** The ways to flock(2) an inherited descriptor; Node has none of its own. */
const lockers = [
  { program: "flock", now: ["-n", "3"], wait: ["3"], busy: 1 },
  {
    program: "perl",
    now: ["-e", "open(F, '+<&=', 3) or exit 2; exit(flock(F, 6) ? 0 : 1)"],
    wait: ["-e", "open(F, '+<&=', 3) or exit 2; exit(flock(F, 2) ? 0 : 2)"],
    busy: 1,
  },
] as const;

/**
 * Takes the lock of a machine, waiting for the step that has it.
 *
 * The lock belongs to the open file, not to a process: `flock` sets it through the descriptor it
 * inherits and ends, and the file stays locked while this step or any of its children has it open.
 */
export async function lockMachine(options: LockOptions): Promise<Lock> {
  const file = path.join(options.directory, lockName(options.cluster, options.machine.address));
  // "a+" and not "w": the text of the present holder must stay until the lock is ours.
  const descriptor = fs.openSync(file, "a+", 0o600);
  try {
    await take(descriptor, file, options);
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
  fs.ftruncateSync(descriptor);
  fs.writeSync(descriptor, `${options.step}, process ${process.pid}, ${new Date().toISOString()}`);
  return { descriptor, release: () => fs.closeSync(descriptor) };
}

async function take(descriptor: number, file: string, options: LockOptions): Promise<void> {
  for (const locker of lockers) {
    const now = await run(locker.program, locker.now, descriptor, options.deadline);
    if (now.missing) continue;
    if (now.code === 0) return;
    if (now.code !== locker.busy) continue;
    const holder = fs.readFileSync(file, "utf8").trim() || "unknown";
    options.onWait(
      `${label(options.machine)}: waiting for another step on it to end (${holder}); a step that was killed may have left a talosctl running`,
    );
    const waited = await run(locker.program, locker.wait, descriptor, options.deadline);
    if (waited.code === 0) return;
    throw stillLocked(options, holder);
  }
  throw new StepFailure({
    what: `${label(options.machine)}: cannot be locked: neither flock (util-linux) nor perl works here.`,
    left: "the machine was not touched.",
    next: ["install flock or perl, and run the step again"],
  });
}

function run(program: string, args: readonly string[], descriptor: number, deadline: Deadline) {
  return runProgram(program, args, {
    timeoutSeconds: Math.max(1, deadline.remainingSeconds),
    signal: deadline.signal,
    descriptors: [descriptor],
  });
}

function stillLocked(options: LockOptions, holder: string): StepFailure {
  return new StepFailure({
    what: `${label(options.machine)}: another step is still at work on it (${holder}).`,
    left: "the machine was not touched.",
    next: ["wait until that step, or the talosctl it left behind, has ended, and run again"],
  });
}

function lockName(cluster: string, address: string): string {
  const digest = createHash("sha256").update(`${cluster}\0${address}`).digest("hex").slice(0, 12);
  return `${`${cluster}-${address}`.replace(/[^A-Za-z0-9.-]/g, "_").slice(0, 80)}-${digest}.lock`;
}
