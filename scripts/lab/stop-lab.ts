import { setTimeout as sleep } from "node:timers/promises";
import { processState } from "../toolchain/process-identity";
import type { LabDirectory, LabRecord } from "./lab-directory";
import { withLabLock } from "./lab-lock";
import { endProcess, processOfPidFile } from "./lab-process";
import { leftoverProcesses } from "./leftovers";
import { isRunningPulumi, isStale, stackLocks } from "./stack-lock";

const pulumiGraceMilliseconds = 8_000;

/** {@link endLab} for everybody who does not hold the lab's lock already. */
export function stopLab(directory: LabDirectory): Promise<boolean> {
  return withLabLock(directory, () => endLab(directory));
}

/**
 * Ends a lab's processes and removes its directory. Works on a lab that was killed, or never came up whole, too.
 *
 * Returns whether there was anything to end or remove.
 */
export async function endLab(directory: LabDirectory): Promise<boolean> {
  const found = directory.isLab;
  // Throws when the directory is somebody else's; a record that cannot be read is removed with the rest.
  const record = found ? readOrNothing(directory) : directory.read();
  await endPulumi(directory);
  const main = record?.process ?? processOfPidFile(directory);
  if (main !== undefined) await endProcess(main);
  const left = leftoverProcesses(directory.path);
  await Promise.all(left.map(endProcess));
  if (found) directory.remove();
  return found || left.length > 0;
}

/** A pulumi at work would go on writing into the directory: it is told to stop, as two Ctrl-C would. */
async function endPulumi(directory: LabDirectory): Promise<void> {
  for (const lock of stackLocks(directory.pulumiState)) {
    if (isStale(lock, isRunningPulumi) || !isRunningPulumi(lock.pid)) continue;
    for (const signal of ["SIGINT", "SIGINT", "SIGKILL"] as const) {
      const deadline = Date.now() + (signal === "SIGKILL" ? 1_000 : pulumiGraceMilliseconds / 2);
      if (isRunningPulumi(lock.pid)) process.kill(lock.pid, signal);
      while (isRunningPulumi(lock.pid) && Date.now() < deadline) await sleep(50);
    }
  }
}

/** Whether the machines of a recorded lab run. */
export function isRunning(record: LabRecord | undefined): boolean {
  return record?.process !== undefined && processState(record.process) === "alive";
}

function readOrNothing(directory: LabDirectory): LabRecord | undefined {
  try {
    return directory.read();
  } catch {
    return undefined;
  }
}
