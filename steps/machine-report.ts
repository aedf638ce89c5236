import { label } from "./machine";
import { describeState } from "./machine-state";
import type { MachineObservation } from "./wanted-machine";

/** What one machine is, in one line. */
export function describeMachine({ machine, state, facts }: MachineObservation): string {
  const talos = facts.talosVersion === undefined ? "" : `, Talos ${facts.talosVersion}`;
  const kubelet = facts.kubernetesVersions?.kubelet;
  const kubernetes = kubelet === undefined ? "" : `, Kubernetes ${kubelet}`;
  const reinstalled =
    state.kind === "maintenance" && machine.incarnation > 1
      ? `, reinstalled (incarnation ${machine.incarnation})`
      : "";
  return `${describeState(state)}${talos}${kubernetes}${reinstalled}`;
}

/** Most machines that get a line each; beyond, those that answer the same share one. */
const linesPerMachineUpTo = 40;

/** One line a machine, or in a big cluster one line for all that answer the same. */
export function reportLines(observations: readonly MachineObservation[]): string[] {
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

/** Names of machines, shortened when there are many. */
export function someOf(names: readonly string[]): string {
  return names.length <= 4
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")}, ... ${names[names.length - 1]}`;
}
