import { seedCount } from "../model/defaults";
import type { Plan } from "../model/plan";
import { decideGate, type GateObservation } from "./gate-decision";
import { targetRules } from "./gate-target";
import { wipedProblem } from "./identity";
import { label } from "./machine";
import { someOf } from "./machine-report";
import { describeState } from "./machine-state";
import { pathProblems } from "./path-problems";
import { awaitsUpgrade, reasonsOf } from "./plan-machines";
import type { PlanObservation } from "./plan-observation";
import type { PlanRequest } from "./plan-request";
import { targetProblems } from "./preflight-decision";
import { onHold, type ObservedController } from "./quorum";

type Findings = Pick<Plan, "problems" | "warnings">;

const nothing: Findings = { problems: [], warnings: [] };

/**
 * What makes the plan impossible, and what a run would stop at as far as can be told.
 *
 * Only what a machine positively says is a problem. One that does not answer may be back by the time of the run, where preflight
 * and the gates ask again.
 */
export function planFindings(all: readonly PlanObservation[], request: PlanRequest): Findings {
  const observations = all.filter(({ machine }) => machine.hold !== true);
  const path = pathProblems(observations, request.kubernetesVersion);
  const machines = observations.map(({ machine }) => machine);
  const found = observations.flatMap((observation): Findings[] => {
    const wanted = {
      kubernetesVersion: request.kubernetesVersion,
      oldestTalosVersion: request.versionContract,
      installerImage: observation.machine.installerImage,
    };
    const at = (texts: readonly string[]) =>
      texts.map((text) => `${label(observation.machine)}: ${text}`);
    return [
      stateFindings(observation),
      addressFindings(observation),
      {
        problems: at([
          ...answered(observation, () => targetProblems(observation, wanted, machines)),
          ...applyModeProblems(observation),
        ]),
        warnings: [],
      },
      gateFindings(observation, all, request),
    ];
  });
  return {
    problems: unique([
      ...path.map(({ names, text }) => `${someOf(names)}: ${text}`),
      ...found.flatMap(({ problems }) => problems),
    ]),
    warnings: unique([
      ...found.flatMap(({ warnings }) => warnings),
      ...unreadWarning(observations, request),
    ]),
  };
}

/** Such a config is refused by the machine itself, after those before it were changed. */
function applyModeProblems(observation: PlanObservation): string[] {
  const { machine, dryRun } = observation;
  if (machine.applyMode !== "no-reboot" || machine.action !== "update") return [];
  if (dryRun?.kind !== "reboot" || awaitsUpgrade(observation)) return [];
  const reasons = reasonsOf(observation);
  return [
    `its config needs a reboot${reasons.length === 0 ? "" : ` (for ${reasons.join(", ")})`}, and applyMode: no-reboot allows none. Set applyMode: auto or staged for ${machine.name}`,
  ];
}

function answered({ state }: PlanObservation, texts: () => string[]): string[] {
  return state.kind === "unreachable" ? [] : texts();
}

/** One line for all that could not be asked in time: nothing is known against any of them. */
function unreadWarning(
  observations: readonly PlanObservation[],
  { deadlineSeconds }: PlanRequest,
): string[] {
  const names = observations
    .filter(({ unread, etcdUnread }) => unread === true || etcdUnread === true)
    .map(({ machine }) => machine.name);
  if (names.length === 0) return [];
  return [
    `${someOf(names)}: not read within ${deadlineSeconds} s, and shown as far as the stack knows. preflight reads every machine before anything is changed`,
  ];
}

function stateFindings(observation: PlanObservation): Findings {
  const { machine, state, unread, dryRun } = observation;
  const { name, action, incarnation } = machine;
  const at = label(machine);
  if (dryRun?.kind === "refused" && !awaitsUpgrade(observation))
    return { ...nothing, warnings: [`${at} refuses its config; a run stops there`] };
  if (unread === true) return nothing;
  if (state.kind === "unreachable") {
    const text = `${at} ${describeState(state)}; a run that has anything to do stops there`;
    return { ...nothing, warnings: [text] };
  }
  // Where nothing is sent nothing can leak, but whoever reads the preview should know.
  if (state.kind === "maintenance" && action === "none")
    return { ...nothing, warnings: [`${at}: ${wipedProblem(name, incarnation)}`] };
  return nothing;
}

/** A machine that was given its address by its config, and is no more: on a network without DHCP it is gone. */
function addressFindings({ machine }: PlanObservation): Findings {
  const { action, address, lastApplied, rendered } = machine;
  const gives = (config: string | undefined): boolean => config?.includes(`${address}/`) === true;
  if (action !== "update" || rendered === undefined || !gives(lastApplied) || gives(rendered))
    return nothing;
  const text = `${label(machine)}: its config no longer gives it the address ${address}. Unless DHCP does, nobody reaches it after the run`;
  return { ...nothing, warnings: [text] };
}

/** What the gate would say now, before a machine that gets a config. */
function gateFindings(
  observation: PlanObservation,
  all: readonly PlanObservation[],
  request: PlanRequest,
): Findings {
  const { machine, state } = observation;
  const changes = machine.action === "create" || machine.action === "update";
  if (!changes) return nothing;
  const gate = gateObservation(observation, all, request);
  const at = (texts: readonly string[]) => texts.map((text) => `${label(machine)}: ${text}`);
  // A worker comes after the controllers: what is not there yet now will be there by then. And of a machine that does not
  // answer only that counts which needs no answer.
  if (machine.role === "worker" || state.kind === "unreachable")
    return { problems: at(targetRules(gate).lasting), warnings: [] };
  const { lasting, passing } = decideGate(gate);
  // Time was short, and one line says so: the gate would only say that nobody answered in it.
  if (all.some(({ etcdUnread }) => etcdUnread)) return { problems: at(lasting), warnings: [] };
  const silent = all.some(
    ({ machine: { role, hold }, state: other }) =>
      role === "controller" && hold !== true && other.kind === "unreachable",
  );
  return silent
    ? { problems: at(lasting), warnings: at(passing) }
    : { problems: at([...lasting, ...passing]), warnings: [] };
}

function gateObservation(
  observation: PlanObservation,
  all: readonly PlanObservation[],
  { versionContract }: PlanRequest,
): GateObservation {
  const { machine, facts } = observation;
  const held = all
    .filter((other) => other.machine.hold === true)
    .map((other) => other.machine.name);
  const controllers = all.filter((other) => other.machine.role === "controller");
  const others = controllers.filter((other) => other.machine !== machine);
  return {
    target: machine,
    role: machine.role,
    configured: machine.action === "update",
    incarnation: machine.incarnation,
    renamedFrom: machine.renamedFrom,
    identity: machine.identity,
    previousAddress: machine.previousAddress,
    own: observedController(observation),
    facts,
    applyMode: machine.applyMode ?? "auto",
    held,
    // Not Kubernetes: it moves before any config does.
    wanted: { talosVersion: machine.talosVersion, oldestTalosVersion: versionContract },
    seeds: controllers.slice(0, seedCount).map((other) => other.machine),
    others: others.map(observedController),
  };
}

function observedController({ machine, state, etcd }: PlanObservation): ObservedController {
  return machine.hold === true ? onHold(machine) : { machine, state, etcd };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
