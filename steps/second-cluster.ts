import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";

/** What tells whether a cluster without any data is to begin, or has begun elsewhere. */
export interface EarlierBootstrap {
  readonly node: Machine;
  /** How many times the machine was installed, as the stack counts. */
  readonly incarnation: number;
  readonly recoverFrom: string | undefined;
  /** What this step printed when it last ended well; it does so only with a live cluster. */
  readonly previousOutput: string | undefined;
}

/**
 * Refuses the bootstrap of a cluster that lives already, on controllers that the stack names no longer.
 *
 * All controllers that are named are empty then, just as before the first bootstrap. Whoever lost the cluster, and has it
 * begin anew or come back from a snapshot, says so.
 */
export function secondCluster({
  node,
  incarnation,
  recoverFrom,
  previousOutput = "",
}: EarlierBootstrap): StepFailure | undefined {
  if (previousOutput.trim() === "" || incarnation > 1 || recoverFrom !== undefined)
    return undefined;
  return new StepFailure({
    what: `${label(node)}: is not bootstrapped: this cluster was before, and every controller of the stack is empty. Another bootstrap would make a second cluster, without any data, beside the first.`,
    left: "every controller; no bootstrap was asked for.",
    next: [
      "put the controllers it had back into nodes/<stack>.yaml, run pulumi up, then exchange them one by one",
      `if they are lost: set bootstrap.recoverFrom to an etcd snapshot; or, to begin anew without any data, incarnation: 2 for ${node.name}`,
    ],
  });
}
