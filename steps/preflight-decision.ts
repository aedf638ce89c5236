import { identityProblem } from "./identity";
import { label, type Machine, type Role } from "./machine";
import type { MachineFacts } from "./machine-facts";
import { describeState, type MachineState } from "./machine-state";
import {
  bootMediumProblem,
  kubernetesVersionProblem,
  talosVersionProblem,
  type WantedVersions,
} from "./version-problems";

/** A machine of the plan, and what it answered. */
export interface PreflightObservation {
  readonly machine: Machine;
  readonly role: Role;
  readonly state: MachineState;
  readonly facts: MachineFacts;
}

/** All reasons why the plan cannot be carried out, over all machines. */
export function preflightProblems(
  observations: readonly PreflightObservation[],
  wanted: WantedVersions,
): string[] {
  const machines = observations.map(({ machine }) => machine);
  return observations.flatMap((observation) =>
    problemsOf(observation, wanted, machines).map(
      (text) => `${label(observation.machine)}: ${text}`,
    ),
  );
}

function problemsOf(
  { machine, role, state, facts }: PreflightObservation,
  wanted: WantedVersions,
  machines: readonly Machine[],
): string[] {
  switch (state.kind) {
    case "unreachable":
    case "foreign":
      return [describeState(state)];
    case "maintenance":
      return present([bootMediumProblem(facts, wanted)]);
    case "ours":
      return present([
        identityProblem(machine, role, facts, machines),
        talosVersionProblem(machine, facts, wanted),
        kubernetesVersionProblem(facts, wanted),
      ]);
  }
}

function present(problems: readonly (string | undefined)[]): string[] {
  return problems.filter((problem) => problem !== undefined);
}

/** What one machine is, in one line. */
export function describeMachine({ state, facts }: PreflightObservation): string {
  const talos = facts.talosVersion === undefined ? "" : `, Talos ${facts.talosVersion}`;
  const kubelet = facts.kubernetesVersions?.kubelet;
  const kubernetes = kubelet === undefined ? "" : `, Kubernetes ${kubelet}`;
  return `${describeState(state)}${talos}${kubernetes}`;
}

/** Most machines that get a line each; beyond, those that answer the same share one. */
const linesPerMachineUpTo = 40;

/** One line a machine, or in a big cluster one line for all that answer the same. */
export function reportLines(observations: readonly PreflightObservation[]): string[] {
  if (observations.length <= linesPerMachineUpTo) {
    return observations.map(
      (observation) => `${label(observation.machine)}: ${describeMachine(observation)}`,
    );
  }
  const groups = new Map<string, string[]>();
  for (const observation of observations) {
    const text = describeMachine(observation);
    groups.set(text, [...(groups.get(text) ?? []), observation.machine.name]);
  }
  return [...groups].map(([text, names]) => `${names.length} machines (${someOf(names)}): ${text}`);
}

function someOf(names: readonly string[]): string {
  return names.length <= 4
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")}, ... ${names[names.length - 1]}`;
}
