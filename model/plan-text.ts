import type { CertificatePlan, MachinePlan, Plan, RunningAndWanted } from "./plan";
import { listed } from "./suggestion";

/** Most machines without anything to tell that get a line each. */
const quietLinesUpTo = 12;

/** A plan as a person reads it: a heading, a line for each machine, and below it what is worth knowing. */
export function planText(plan: Plan): string {
  const changing = plan.machines.filter(isTouched);
  return [
    heading(plan, changing),
    ...phaseLines(plan),
    ...machineLines(plan.machines),
    ...plan.leaving.map((line) => `  ${line}`),
    ...certificateLines(plan.certificates),
  ].join("\n");
}

function heading(
  { cluster, machines, readSeconds, maxUnavailable }: Plan,
  changing: readonly MachinePlan[],
): string {
  const read = `read in ${readSeconds.toFixed(1)} s`;
  const count = counted(machines.length, "machine");
  if (changing.length === 0) return `${cluster}: ${count}, no config changes (${read})`;
  const order = orderText(changing, maxUnavailable);
  return `${cluster}: ${changing.length} of ${count} change${changing.length === 1 ? "s" : ""}${order} (${read})`;
}

function orderText(changing: readonly MachinePlan[], maxUnavailable: number): string {
  if (changing.length === 1) return "";
  const workers = changing.filter(({ role }) => role === "worker").length;
  if (maxUnavailable === 1 || workers < 2) return ", one at a time in this order";
  const waves = `workers in waves of ${maxUnavailable}`;
  return workers === changing.length
    ? `, ${waves} in this order`
    : `, controllers one at a time, then ${waves}, in this order`;
}

/** What comes first, where more than configs change: every upgrade, then Kubernetes, then the configs. */
function phaseLines({ machines }: Plan): string[] {
  const upgrades = machines.filter(isUpgraded).length;
  const kubernetes = kubernetesMove(machines);
  const configs = machines.filter(({ action, hold }) => action !== "none" && hold !== true).length;
  if (upgrades === 0 && kubernetes === undefined) return [];
  const phases = [
    ...(upgrades === 0 ? [] : [counted(upgrades, "upgrade")]),
    ...(kubernetes === undefined ? [] : [`${kubernetes} on every machine`]),
    ...(configs === 0 ? [] : [counted(configs, "config")]),
  ];
  return [`  first ${phases.join(", then ")}`];
}

/** The lowest version that runs stands for all: from there the upgrade starts. */
function kubernetesMove(machines: readonly MachinePlan[]): string | undefined {
  const [first] = machines
    .filter(({ state, kubernetes }) => state === "ours" && !isAsWanted(kubernetes))
    .sort((a, b) => compareVersions(a.kubernetes.running ?? "", b.kubernetes.running ?? ""));
  return first && move("Kubernetes", first.kubernetes);
}

function compareVersions(first: string, second: string): number {
  return first.localeCompare(second, "en", { numeric: true });
}

/** Whether the run does anything to the machine itself. */
function isTouched(machine: MachinePlan): boolean {
  return machine.hold !== true && (machine.action !== "none" || isUpgraded(machine));
}

/** Whether it gets another Talos or schematic, with the reboot that comes with it. */
function isUpgraded({ state, hold, talos, schematic }: MachinePlan): boolean {
  return state === "ours" && hold !== true && !(isAsWanted(talos) && isAsWanted(schematic));
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
    machine.hold !== true &&
    machine.waitsForReboot !== true &&
    machine.drift.length === 0 &&
    machine.notes.length === 0 &&
    [machine.talos, machine.kubernetes, machine.schematic].every(isAsWanted)
  );
}

function numbered(machines: readonly MachinePlan[]): string[] {
  const width = Math.max(0, ...machines.map(({ name }) => name.length));
  let turn = 0;
  return machines.flatMap((machine) => {
    if (isTouched(machine)) turn += 1;
    const place = isTouched(machine) ? `${turn}.`.padStart(2) : "  ";
    return [
      ` ${place} ${machine.name.padEnd(width)}  ${summaryOf(machine)}`,
      ...detailsOf(machine).map((line) => `       ${line}`),
    ];
  });
}

function summaryOf(machine: MachinePlan): string {
  if (machine.hold === true) return "on hold: not read, not changed, counted as down";
  const state = machine.state === "ours" ? [] : [machine.description];
  const parts = [
    ...state,
    ...talosText(machine),
    move("Kubernetes", machine.kubernetes),
    actionText(machine),
  ];
  return parts.filter((text) => text !== "").join(", ");
}

function talosText(machine: MachinePlan): string[] {
  const talos = move("Talos", machine.talos);
  const schematic = isAsWanted(machine.schematic)
    ? []
    : [move("schematic", shortened(machine.schematic))];
  if (!isUpgraded(machine)) return [talos, ...schematic];
  return [`upgrade: ${[talos, ...schematic].join(", ")} and it REBOOTS`];
}

function actionText(machine: MachinePlan): string {
  const { action, reboot, refusal, state, staged } = machine;
  if (refusal !== undefined) return "REFUSES its config";
  switch (action) {
    case "none":
      return state !== "ours" || isUpgraded(machine) ? "" : "no change";
    case "unknown":
      return "its config is not known yet";
    case "create":
      return state === "maintenance"
        ? "will be installed"
        : `takes its config${rebootText(reboot)}`;
    case "update":
      if (state === "maintenance") return "gets no config as it stands";
      return staged === true
        ? "its config is staged until its next reboot"
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

function detailsOf(machine: MachinePlan): string[] {
  const { name, rebootReasons, refusal, drift, notes, waitsForReboot } = machine;
  return [
    ...(waitsForReboot === true
      ? [`a config was staged and waits for a reboot: talos-cluster reboot ${name}`]
      : []),
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
