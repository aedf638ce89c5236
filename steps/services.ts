import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { parseTable } from "./talosctl-output";

/** A Talos service, as `talosctl services` shows it. */
export interface Service {
  readonly id: string;
  /** `Running`, `Preparing`, `Waiting`, `Failed`, `Finished`, ... */
  readonly state: string;
  /** `OK`, `Fail`, or `?` where nothing is known (yet). */
  readonly health: string;
  readonly lastEvent: string;
}

export async function readServices(talosctl: Talosctl, machine: Machine): Promise<Service[]> {
  return parseServices(await talosctl.run(machine, ["services"]));
}

export function parseServices(table: string): Service[] {
  return parseTable(table).map((row) => ({
    id: row.SERVICE ?? "",
    state: row.STATE ?? "",
    health: row.HEALTH ?? "",
    lastEvent: row["LAST EVENT"] ?? "",
  }));
}
