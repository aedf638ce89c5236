import { checkHardware } from "./hardware";
import { identityProblem } from "./identity";
import { imageProblems } from "./image-problems";
import { label, type Machine } from "./machine";
import { someOf } from "./machine-report";
import { describeState } from "./machine-state";
import { pathProblems } from "./path-problems";
import { bootMediumProblem, type WantedVersions } from "./version-problems";
import type { MachineObservation } from "./wanted-machine";

/** What all machines of a cluster are wanted to run; each has its Talos pin itself. */
export type ClusterVersions = Omit<WantedVersions, "talosVersion">;

/** All reasons why the plan cannot be carried out, over all machines that were read: the way to the pins first. */
export function preflightProblems(
  observations: readonly MachineObservation[],
  wanted: ClusterVersions,
): string[] {
  const machines = observations.map(({ machine }) => machine);
  const path = pathProblems(observations, wanted.kubernetesVersion);
  return [
    ...path.map(({ names, text }) => `${someOf(names)}: ${text}`),
    ...observations.flatMap((observation) =>
      targetProblems(observation, wanted, machines).map(
        (text) => `${label(observation.machine)}: ${text}`,
      ),
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

function present(problems: readonly (string | undefined)[]): string[] {
  return problems.filter((problem) => problem !== undefined);
}
