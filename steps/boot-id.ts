import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** Identity of the boot that a machine runs, new after each restart; none when it does not tell. */
export async function readBootId(
  talosctl: Talosctl,
  machine: Machine,
): Promise<string | undefined> {
  try {
    const text = await talosctl.run(machine, ["read", "/proc/sys/kernel/random/boot_id"]);
    return text.trim() === "" ? undefined : text.trim();
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}
