import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLab, labDirectory, stopLab, type Lab } from "../lab";
import { timed } from "./timed-command";

/** A lab that was started as a user does, with the time that took. */
export interface BenchLab {
  readonly lab: Lab;
  readonly upSeconds: number;
}

/** Starts a lab of its own, beside the user's. Throws with the command's words when it does not come up. */
export async function startBenchLab(network: string, ...options: string[]): Promise<BenchLab> {
  const directory = mkdtempSync(join(tmpdir(), "talos-bench-"));
  try {
    const upSeconds = await timed(["lab", "--network", network, ...options], {
      TALOS_LAB_DIRECTORY: directory,
    });
    const found = findLab(directory);
    if (found === undefined) throw new Error(`${directory}: the lab is gone.`);
    return { lab: found.lab, upSeconds };
  } catch (error) {
    await stopLab(labDirectory(directory));
    throw error;
  }
}
