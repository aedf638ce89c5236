import type { CertificatePlan, MachinePlan, Plan, RunningAndWanted } from "./plan";
import { listed } from "./suggestion";

/** Most machines without anything to tell that get a line each. */
const quietLinesUpTo = 12;

/** A plan as a person reads it: a heading, a line for each machine, and below it what is worth knowing. */
export function planText(plan: Plan): string {
  const changing = plan.machines.filter((machine) => machine.action !== "none");
  return [
    heading(plan, changing),
    ...machineLines(plan.machines),
    ...certificateLines(plan.certificates),
  ].join("\n");
}

function heading(
  { cluster, machines, readSeconds }: Plan,
  changing: readonly MachinePlan[],
): string {
  const read = `read in ${readSeconds.toFixed(1)} s`;
  const count = counted(machines.length, "machine");
  if (changing.length === 0) return `${cluster}: ${count}, no config changes (${read})`;
  const order = changing.length === 1 ? "" : ", one at a time in this order";
  return `${cluster}: ${changing.length} of ${count} change${changing.length === 1 ? "s" : ""}${order} (${read})`;
}

/** Machines that are as wanted share a line where there are many; the order of the others stays. */
function machineLines(machines: readonly MachinePlan[]): string[] {
  const quiet = machines.filter(isQuiet);
  if (quiet.length <= quietLinesUpTo) return numbered(machines);
  const others = machines.filter((machine) => !isQuiet(machine));
  const names = `${quiet[0]?.name} to ${quiet.at(-1)?.name}`;
  return [
    ...numbered(others),
    `  ${quiet.length} more machines (among ${names}): as wanted, no change`,
  ];
}

function isQuiet(machine: MachinePlan): boolean {
  return (
    machine.action === "none" &&
    machine.state === "ours" &&
    machine.drift.length === 0 &&
    machine.notes.length === 0 &&
    [machine.talos, machine.kubernetes, machine.schematic].every(isAsWanted)
  );
}

function numbered(machines: readonly MachinePlan[]): string[] {
  const width = Math.max(0, ...machines.map(({ name }) => name.length));
  let turn = 0;
  return machines.flatMap((machine) => {
    if (machine.action !== "none") turn += 1;
    const place = machine.action === "none" ? "  " : `${turn}.`.padStart(2);
    return [
      ` ${place} ${machine.name.padEnd(width)}  ${summaryOf(machine)}`,
      ...detailsOf(machine).map((line) => `       ${line}`),
    ];
  });
}

function summaryOf(machine: MachinePlan): string {
  const versions = [
    move("Talos", machine.talos),
    move("Kubernetes", machine.kubernetes),
    isAsWanted(machine.schematic) ? "" : move("schematic", shortened(machine.schematic)),
  ].filter((text) => text !== "");
  const state = machine.state === "ours" ? [] : [machine.description];
  return [...state, ...versions, actionText(machine)].filter((text) => text !== "").join(", ");
}

function actionText({ action, reboot, refusal, state }: MachinePlan): string {
  if (refusal !== undefined) return "REFUSES its config";
  switch (action) {
    case "none":
      return state === "ours" ? "no change" : "";
    case "unknown":
      return "its config is not known yet";
    case "create":
      return state === "maintenance"
        ? "will be installed"
        : `takes its config${rebootText(reboot)}`;
    case "update":
      return state === "maintenance"
        ? "gets no config as it stands"
        : `config changes${rebootText(reboot)}`;
  }
}

function rebootText(reboot: MachinePlan["reboot"]): string {
  switch (reboot) {
    case "yes":
      return " and it REBOOTS";
    case "no":
      return " without a reboot";
    case "unknown until upgraded":
      return ", a reboot is unknown until upgraded";
    case "unknown":
      return ", a reboot cannot be told";
  }
}

function detailsOf({ rebootReasons, refusal, drift, notes }: MachinePlan): string[] {
  return [
    ...(refusal === undefined ? [] : [`it says: ${refusal}`]),
    ...(rebootReasons.length === 0 ? [] : [`reboots for ${listed(rebootReasons)}`]),
    ...drift.map((line) => `drift: ${line}`),
    ...notes,
  ];
}

function move(what: string, { running, wanted }: RunningAndWanted): string {
  if (running === undefined) return `${what} ${wanted} wanted`;
  return running === wanted ? `${what} ${running}` : `${what} ${running} => ${wanted}`;
}

function isAsWanted({ running, wanted }: RunningAndWanted): boolean {
  return running === undefined || running === wanted;
}

function shortened({ running, wanted }: RunningAndWanted): RunningAndWanted {
  return { running: running?.slice(0, 12), wanted: wanted.slice(0, 12) };
}

function certificateLines(certificates: readonly CertificatePlan[]): string[] {
  if (certificates.length === 0) return [];
  const each = certificates.map(
    ({ name, daysLeft }) => `${name} ${daysLeft < 0 ? "EXPIRED" : counted(daysLeft, "day")}`,
  );
  return [`  client certificates left: ${each.join(", ")}`];
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
