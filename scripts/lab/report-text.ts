import type { LabEvent, LabReport, MachineReport } from "./report-schema";
import { table } from "./table";

/** Draws attention to a text, on a terminal that can. */
export type Alarm = (text: string) => string;

/** What of a report is said aloud, and how. */
export interface ReportTextOptions {
  /** Defaults to leaving the text as it is. */
  readonly alarm?: Alarm;
  /** Also what happened, in order. */
  readonly events?: boolean;
}

/** A lab's report as people read it: one line a machine, what goes wrong, then what must never have happened. */
export function reportText(report: LabReport, options: ReportTextOptions = {}): string {
  const alarm = options.alarm ?? ((text: string) => text);
  return [
    machineTable(report.machines),
    ...faultLines(report.machines, alarm),
    ...(options.events === true ? ["", eventTable(report.events)] : []),
    "",
    invariantTable(report.invariants, alarm),
  ].join("\n");
}

/** The machines of a lab with what each has been through. */
export function machineTable(machines: readonly MachineReport[]): string {
  return table([
    [
      ...["MACHINE", "ADDRESS", "ROLE", "STAGE", "READY", "TALOS", "KUBERNETES"],
      ...["BOOTS", "APPLIES", "UPGRADES"],
    ],
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
      String(machine.upgrades.length),
    ]),
  ]);
}

/** What goes wrong now, a line a machine; none when all is well. */
export function faultLines(machines: readonly MachineReport[], alarm: Alarm): string[] {
  const lines = machines.flatMap((machine) => {
    const wrong = [...machine.faults, ...clockText(machine.clockOffsetSeconds)];
    return wrong.length === 0
      ? []
      : [alarm(`fault: ${machine.name || machine.address}: ${wrong.join(", ")}`)];
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

function clockText(offsetSeconds: number): string[] {
  if (offsetSeconds === 0) return [];
  const hours = Math.abs(offsetSeconds) / 3600;
  const size = hours >= 48 ? `${Math.round(hours / 24)} days` : `${Number(hours.toFixed(1))} h`;
  return [`clock ${size} ${offsetSeconds > 0 ? "ahead" : "behind"}`];
}

function invariantTable(invariants: LabReport["invariants"], alarm: Alarm): string {
  const never = (bad: boolean, text: string) => (bad ? alarm(text) : text);
  const { quorumLost, secretsToStrangers, insecureConfigsAfterFirstApply } = invariants;
  return table([
    ["most controllers out at once", String(invariants.maxControllersOut)],
    ["most workers out at once", String(invariants.maxWorkersOut)],
    ["quorum lost", never(quorumLost, quorumLost ? "YES" : "no")],
    ["bootstraps", never(invariants.bootstraps > 1, String(invariants.bootstraps))],
    [
      "upgrades of one machine to the same system",
      never(invariants.upgradesPerMachine > 1, String(invariants.upgradesPerMachine)),
    ],
    ["configs over unverified TLS after a machine's first", String(insecureConfigsAfterFirstApply)],
    [
      "secrets to machines that had forgotten theirs",
      never(secretsToStrangers > 0, String(secretsToStrangers)),
    ],
    ["resets", String(invariants.resets)],
    ["etcd members added, promoted, removed", String(invariants.membershipChanges)],
  ]);
}

function eventTable(events: readonly LabEvent[]): string {
  return table([
    ["AT", "WHAT", "MACHINE", ""],
    ...events.map((event) => [
      event.at.replace(/^.*T/, "").replace(/(\.\d)\d*Z$/, "$1"),
      event.kind,
      event.name || event.address,
      event.detail,
    ]),
  ]);
}
