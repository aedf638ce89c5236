import type { Plan } from "../model/plan";
import { decideGate, type GateObservation } from "./gate-decision";
import { targetRules } from "./gate-target";
import { wipedProblem } from "./identity";
import { label } from "./machine";
import { someOf } from "./machine-report";
import { describeState } from "./machine-state";
import { pathProblems } from "./path-problems";
import { awaitsUpgrade } from "./plan-machines";
import type { PlanObservation } from "./plan-observation";
import type { PlanRequest } from "./plan-request";
import { movementProblems, targetProblems } from "./preflight-decision";
import type { ObservedController } from "./quorum";

type Findings = Pick<Plan, "problems" | "warnings">;

const nothing: Findings = { problems: [], warnings: [] };

/**
 * What makes the plan impossible, and what a run would stop at as far as can be told.
 *
 * Only what a machine positively says is a problem. One that does not answer may be back by the time of the run, where preflight
 * and the gates ask again.
 */
export function planFindings(
  observations: readonly PlanObservation[],
  request: PlanRequest,
): Findings {
  const path = pathProblems(observations, request.kubernetesVersion);
  const blocked = new Set(path.flatMap(({ names }) => names));
  const machines = observations.map(({ machine }) => machine);
  const found = observations.flatMap((observation): Findings[] => {
    const wanted = {
      kubernetesVersion: request.kubernetesVersion,
      oldestTalosVersion: request.versionContract,
      installerImage: observation.machine.installerImage,
    };
    const at = (texts: readonly string[]) =>
      texts.map((text) => `${label(observation.machine)}: ${text}`);
    const moves = blocked.has(observation.machine.name)
      ? []
      : movementProblems(observation, wanted);
    return [
      stateFindings(observation),
      addressFindings(observation),
      {
        problems: at(answered(observation, () => targetProblems(observation, wanted, machines))),
        warnings: at(moves),
      },
      gateFindings(observation, observations, request),
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

function answered({ state }: PlanObservation, texts: () => string[]): string[] {
  return state.kind === "unreachable" ? [] : texts();
}

/** One line for all that could not be asked in time: nothing is known against any of them. */
function unreadWarning(
  observations: readonly PlanObservation[],
  { deadlineSeconds }: PlanRequest,
): string[] {
  const names = observations.filter(({ unread }) => unread).map(({ machine }) => machine.name);
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
  const silent = all.some(
    (other) => other.machine.role === "controller" && other.state.kind === "unreachable",
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
  const others = all.filter(
    (other) => other.machine.role === "controller" && other.machine !== machine,
  );
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
    // Versions that would move are told by themselves: see movementProblems.
    wanted: { talosVersion: machine.talosVersion, oldestTalosVersion: versionContract },
    seeds: others.map((other) => other.machine),
    others: others.map(observedController),
  };
}

function observedController({ machine, state, etcd }: PlanObservation): ObservedController {
  return { machine, state, etcd };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
