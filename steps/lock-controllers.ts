import type { StepContext } from "./step";

/**
 * Takes the one lock that all steps share which take a controller of a cluster out of service.
 *
 * The lock of a machine keeps two steps off one machine. Two steps on two controllers would both find
 * the cluster whole, and together take its quorum: only one of them may be between its gate and its end.
 * It comes after the machine's own lock, in every step. Two clusters may have one name, as they may in
 * two stacks: the CA tells them apart, and neither waits for the other.
 */
export async function lockControllers(clusterName: string, context: StepContext): Promise<void> {
  const address = `${clusterName}, CA ${context.authority}`;
  await context.lock({ name: "the controllers", address });
}
