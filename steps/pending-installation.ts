import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/**
 * Image that was installed beside the running system since the machine started, and waits for a
 * restart; none when there was no installation, or its last one did not end well.
 *
 * Talos 1.13 installs and restarts in two calls, and no resource tells what it will start next. Its
 * kernel log does, until the restart. A log that has lost those lines only costs a second
 * installation of the same image, which changes nothing.
 *
 * @see siderolabs/talos v1.13.0, internal/app/lifecycle/lifecycle.go
 */
export function pendingInstallation(kernelLog: string): string | undefined {
  let installing: string | undefined;
  let pending: string | undefined;
  for (const line of kernelLog.split("\n")) {
    const started = /\bstarting upgrade: installer_image=([^\s,]+)/.exec(line)?.[1];
    if (started !== undefined) {
      installing = started;
      // Whatever was installed there before is written over.
      pending = undefined;
    }
    if (/\bupgrade completed successfully: exit_code=0\b/.test(line)) pending = installing;
  }
  return pending;
}

/** The same, asked of a machine; none when its log cannot be read. */
export async function readPendingInstallation(
  talosctl: Talosctl,
  machine: Machine,
): Promise<string | undefined> {
  try {
    return pendingInstallation(await talosctl.run(machine, ["dmesg"], { timeoutSeconds: 20 }));
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}
