import { StepFailure } from "./failure";
import { wipedProblem } from "./identity";
import { KubernetesError, openKubernetes } from "./kubernetes-api";
import { readNode } from "./kubernetes-nodes";
import { label, type Machine } from "./machine";
import type { StepContext } from "./step";

/** A machine in maintenance mode, and the controllers that know whether it was one of the cluster's. */
export interface LostMachine {
  readonly machine: Machine;
  /** How many times it was installed, as the stack counts. */
  readonly incarnation: number;
  readonly seeds: readonly Machine[];
  readonly held: readonly string[];
}

/**
 * Refuses a machine in maintenance mode whose Node the cluster has: it was configured before.
 *
 * Taken for a new one, its upgrade would count as done, and would not be made up for once the machine
 * itself is back. A raised incarnation says that it was reinstalled; a cluster that cannot be asked
 * says nothing, and the gate before the configuration stands all the same.
 */
export async function refuseLostMachine(
  { machine, incarnation, seeds, held }: LostMachine,
  context: StepContext,
): Promise<void> {
  if (incarnation > 1) return;
  const others = seeds.filter(
    ({ name, address }) => address !== machine.address && !held.includes(name),
  );
  try {
    const node = await readNode(await openKubernetes(others, context), machine.name);
    if (node === undefined) return;
  } catch (error) {
    if (error instanceof KubernetesError) return;
    throw error;
  }
  throw new StepFailure({
    what: `${label(machine)}: is not upgraded: ${wipedProblem(machine.name, incarnation)}`,
    seen: [`the cluster has a Node ${machine.name}`],
    left: `${machine.name} and every machine after it; nothing was changed.`,
    next: [
      `see what answers there: talosctl --nodes ${machine.address} get systeminformation --insecure`,
      "once it is the machine itself again, or its incarnation is raised, run pulumi up again: it goes on from here",
    ],
  });
}
