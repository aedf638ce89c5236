import { checkHardware } from "./hardware";
import { identityProblem } from "./identity";
import { imageProblems } from "./image-problems";
import { label, type Machine } from "./machine";
import { someOf } from "./machine-report";
import { describeState } from "./machine-state";
import { pathProblems } from "./path-problems";
import {
  bootMediumProblem,
  kubernetesVersionProblem,
  talosVersionProblem,
  type WantedVersions,
} from "./version-problems";
import type { MachineObservation } from "./wanted-machine";

/** What all machines of a cluster are wanted to run; each has its Talos pin itself. */
export type ClusterVersions = Omit<WantedVersions, "talosVersion">;

/** All reasons why the plan cannot be carried out, over all machines: the way to the pins first. */
export function preflightProblems(
  observations: readonly MachineObservation[],
  wanted: ClusterVersions,
): string[] {
  const machines = observations.map(({ machine }) => machine);
  const path = pathProblems(observations, wanted.kubernetesVersion);
  const blocked = new Set(path.flatMap(({ names }) => names));
  const problemsOf = (observation: MachineObservation) => [
    ...targetProblems(observation, wanted, machines),
    // Where the way itself is closed, nothing is gained by saying that nobody drives there either.
    ...(blocked.has(observation.machine.name) ? [] : movementProblems(observation, wanted)),
  ];
  return [
    ...path.map(({ names, text }) => `${someOf(names)}: ${text}`),
    ...observations.flatMap((observation) =>
      problemsOf(observation).map((text) => `${label(observation.machine)}: ${text}`),
    ),
  ];
}

/** Why a machine is not the one that is wanted, or can never become it, as it stands. */
export function targetProblems(
  observation: MachineObservation,
  wanted: ClusterVersions,
  machines: readonly Machine[],
): string[] {
  const { machine, state, facts } = observation;
  const hardware = checkHardware(machine.identity, facts.hardware);
  switch (state.kind) {
    case "unreachable":
    case "foreign":
      return [describeState(state)];
    case "maintenance":
      return present([
        ...hardware.mismatches,
        ...hardware.untold,
        bootMediumProblem(facts, { ...wanted, talosVersion: machine.talosVersion }),
      ]);
    case "ours":
      return present([
        ...hardware.mismatches,
        identityProblem(machine, facts, machines),
        ...imageProblems(observation),
      ]);
  }
}

/** Versions that would have to move on a running machine: this version moves none. */
export function movementProblems(
  { machine, state, facts }: MachineObservation,
  wanted: ClusterVersions,
): string[] {
  if (state.kind !== "ours") return [];
  return present([
    talosVersionProblem(machine, facts, { ...wanted, talosVersion: machine.talosVersion }),
    kubernetesVersionProblem(facts, wanted),
  ]);
}

function present(problems: readonly (string | undefined)[]): string[] {
  return problems.filter((problem) => problem !== undefined);
}
