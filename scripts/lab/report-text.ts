import type { LabReport, MachineReport } from "./control-client";
import { table } from "./table";

/** A lab's report as people read it: one line a machine, then what must never have happened. */
export function reportText(report: LabReport): string {
  const { maxControllersOut, quorumLost, insecureConfigsAfterFirstApply, bootstraps } =
    report.invariants;
  return [
    machineTable(report.machines),
    "",
    `most controllers out at once    ${maxControllersOut}`,
    `quorum lost                     ${quorumLost ? "YES" : "no"}`,
    `bootstraps                      ${bootstraps}`,
    `configs sent over unverified TLS after a machine's first  ${insecureConfigsAfterFirstApply}`,
  ].join("\n");
}

/** The machines of a lab with what each has been through. */
export function machineTable(machines: readonly MachineReport[]): string {
  return table([
    ["MACHINE", "ADDRESS", "ROLE", "STAGE", "READY", "TALOS", "KUBERNETES", "BOOTS", "APPLIES"],
    ...machines.map((machine) => [
      machine.name || "-",
      machine.address,
      machine.role || "-",
      machine.stage,
      machine.ready ? "yes" : "no",
      machine.talosVersion,
      machine.kubernetesVersion || "-",
      String(machine.boots),
      String(machine.applies?.length ?? 0),
    ]),
  ]);
}
