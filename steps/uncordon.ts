import { uncordonOurs } from "./cordon";
import { KubernetesError, openKubernetes } from "./kubernetes-api";
import type { Machine } from "./machine";
import type { StepContext } from "./step";

/** How long the Kubernetes API may be away after a controller is back. */
const patienceSeconds = 60;
const intervalSeconds = 2;

/**
 * Takes back our cordon of a Node, as soon as the Kubernetes API answers; tells whether there was
 * one. Throws a KubernetesError when it does not answer for too long.
 */
export async function uncordonPatiently(
  node: string,
  controllers: readonly Machine[],
  context: StepContext,
): Promise<boolean> {
  const { deadline } = context;
  const until = deadline.elapsedSeconds + patienceSeconds;
  for (;;) {
    try {
      return await uncordonOurs(await openKubernetes(controllers, context), node);
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.kind === "missing") throw error;
      if (deadline.elapsedSeconds > until || deadline.remainingSeconds < 2 * intervalSeconds)
        throw error;
      await deadline.sleep(intervalSeconds);
    }
  }
}
