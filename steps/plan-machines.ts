import { changeLine, configDifferences } from "../model/config-difference";
import { rebootReasons } from "../model/immediate-change";
import { parseMachineConfig } from "../model/machine-config";
import type { MachinePlan, RebootForecast } from "../model/plan";
import { redactConfig } from "../model/redaction";
import { sameVersion } from "./identity";
import type { MachineFacts } from "./machine-facts";
import { describeState } from "./machine-state";
import type { PlanObservation } from "./plan-observation";
import type { PlannedMachine, PlanRequest } from "./plan-request";
import { kubernetesRelease } from "./version-problems";

/** Most differences of one machine that are listed; a machine that differs in more has another story to tell. */
const driftLinesUpTo = 12;

/** What the run does to each machine, in the order of the request. */
export function planMachines(
  observations: readonly PlanObservation[],
  request: PlanRequest,
): MachinePlan[] {
  return observations.map((observation) => planMachine(observation, request));
}

function planMachine(observation: PlanObservation, request: PlanRequest): MachinePlan {
  const { machine, state, facts, dryRun } = observation;
  const { name, address, role, action } = machine;
  const reboot = forecast(observation);
  return {
    name,
    address,
    role,
    action,
    state: state.kind,
    description: machine.hold === true ? "on hold" : describeState(state),
    talos: { running: facts.talosVersion, wanted: machine.talosVersion },
    kubernetes: {
      running: kubernetesRunning(facts),
      wanted: request.kubernetesVersion,
    },
    schematic: { running: schematicRunning(facts), wanted: machine.schematicId },
    ...(machine.hold === true && { hold: true }),
    ...(isStaged(machine) && { staged: true }),
    ...(observation.waitsForReboot === true && { waitsForReboot: true }),
    reboot,
    rebootReasons: reboot === "yes" ? reasonsOf(observation) : [],
    refusal: dryRun?.kind === "refused" && !awaitsUpgrade(observation) ? dryRun.reason : undefined,
    drift: driftOf(observation, request),
    notes: notesOf(observation, request),
  };
}

/** An image that tells its extensions and no schematic among them comes from no image factory. */
function schematicRunning({ schematicId, extensions }: MachineFacts): string | undefined {
  return schematicId ?? (extensions === undefined ? undefined : "none");
}

function kubernetesRunning({ kubernetesVersions }: MachineFacts): string | undefined {
  const tag = kubernetesVersions?.kubelet;
  return tag === undefined ? undefined : kubernetesRelease(tag);
}

/** A first config is always applied at once: in maintenance mode a staged one would be lost. */
function isStaged({ applyMode, action }: PlannedMachine): boolean {
  return applyMode === "staged" && action === "update";
}

/** Whether another Talos comes before the config: its own rules then decide, and nobody can ask it yet. */
export function awaitsUpgrade({ machine, facts, state }: PlanObservation): boolean {
  const { talosVersion: running } = facts;
  return (
    state.kind === "ours" && running !== undefined && !sameVersion(running, machine.talosVersion)
  );
}

function forecast(observation: PlanObservation): RebootForecast {
  const { machine, state, dryRun, facts } = observation;
  if (machine.action === "none" || machine.hold === true || isStaged(machine)) return "no";
  if (awaitsUpgrade(observation)) return "unknown until upgraded";
  // Whether another Talos comes first, with rules of its own, is not known.
  if (state.kind === "ours" && facts.talosVersion === undefined) return "unknown";
  // A machine that is installed reboots at the end of it; that is no reboot of a running machine.
  if (state.kind === "maintenance") return "no";
  if (dryRun?.kind === "reboot") return "yes";
  if (dryRun?.kind === "immediate") return "no";
  return "unknown";
}

/** Paths of a config that need a reboot. */
export function reasonsOf({ liveConfig, machine, facts }: PlanObservation): readonly string[] {
  if (liveConfig === undefined || machine.rendered === undefined) return [];
  return rebootReasons(
    parseMachineConfig(liveConfig),
    parseMachineConfig(machine.rendered),
    facts.talosVersion,
  );
}

/** What somebody changed on the machine since its config was last applied: this run, or a later one, takes it back. */
function driftOf(
  { liveConfig, machine }: PlanObservation,
  { redactionKey: key, secretValues }: PlanRequest,
): string[] {
  const { lastApplied, secretLeaves } = machine;
  if (liveConfig === undefined || lastApplied === undefined) return [];
  const shown = (text: string) =>
    redactConfig(parseMachineConfig(text), { key, secretLeaves, secretValues });
  const lines = configDifferences(shown(lastApplied), shown(liveConfig)).map(changeLine);
  if (lines.length <= driftLinesUpTo) return lines;
  return [
    ...lines.slice(0, driftLinesUpTo),
    `... and ${lines.length - driftLinesUpTo} more differences`,
  ];
}

function notesOf({ machine, state, facts }: PlanObservation, { machines }: PlanRequest): string[] {
  return [
    ...(state.kind === "maintenance" || isNamedAlready(machine, facts) ? [] : renameNotes(machine)),
    ...(machine.previousAddress === undefined || machine.role === "controller"
      ? []
      : [`its address was ${machine.previousAddress}`]),
    ...(machine.incarnation > 1 && machine.action === "create" && state.kind === "maintenance"
      ? reinstallNotes(machine, machines)
      : []),
  ];
}

function reinstallNotes({ role, incarnation }: PlannedMachine, all: readonly PlannedMachine[]) {
  const isOnlyController =
    role === "controller" && all.filter((machine) => machine.role === "controller").length === 1;
  return [
    `installed anew (incarnation ${incarnation}): it gets its config, and every secret, as a new machine does`,
    // A running kubelet registers its Node once, and never again when the Node is gone.
    ...(isOnlyController
      ? [
          "it is the only controller: etcd and Kubernetes start empty, and a worker joins again once its kubelet is restarted",
        ]
      : []),
  ];
}

/** `renamedFrom` stays in the file after the run that renamed the machine. */
function isNamedAlready({ name }: PlannedMachine, { hostname }: MachineFacts): boolean {
  return hostname?.toLowerCase() === name.toLowerCase();
}

function renameNotes({ renamedFrom, name, action }: PlannedMachine): string[] {
  if (renamedFrom === undefined || action === "none") return [];
  return [`renamed from ${renamedFrom}: its host name and Node become ${name}`];
}
