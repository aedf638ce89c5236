import { DeadlineExceeded } from "./deadline";
import { fetchKubeconfig, KubernetesApi, KubernetesError } from "./kubernetes-api";
import { isSameMachine, parseNodes, type KubernetesNode } from "./kubernetes-nodes";
import { label, type Machine, type Role } from "./machine";
import type { StepContext } from "./step";

/** A machine whose name changed, and the controllers that hand out a kubeconfig. */
export interface RenamedMachine {
  readonly machine: Machine;
  readonly role: Role;
  readonly renamedFrom: string;
  readonly seeds: readonly Machine[];
}

/** How long the Node of the new name may take to appear once the machine itself is ready. */
const patienceSeconds = 60;
const intervalSeconds = 2;

/**
 * Deletes the Node object of a machine's old name, so that nobody waits for it to be Ready again.
 *
 * The old Node goes only when the new one is there and both are the same machine: with two machines
 * that swapped names the old name is the other's. What cannot be done is said, and the machine is
 * ready all the same: the health checks wait for the Node and name it.
 */
export async function removeOldNode(renamed: RenamedMachine, context: StepContext): Promise<void> {
  const { machine, renamedFrom } = renamed;
  const outcome = await tryRemove(renamed, context);
  const byHand = ` Delete it by hand: kubectl delete node ${renamedFrom}`;
  context.output.phase(
    `${label(machine)}: ${"left" in outcome ? `its old Node ${renamedFrom} stays: ${outcome.left}.${byHand}` : outcome.done}`,
  );
}

type Outcome = { readonly done: string } | { readonly left: string };

async function tryRemove(renamed: RenamedMachine, context: StepContext): Promise<Outcome> {
  const { machine, role, renamedFrom, seeds } = renamed;
  const controllers = role === "controller" ? [machine, ...seeds] : seeds;
  const kubeconfig = await fetchKubeconfig(controllers, context.talosctl);
  if (kubeconfig === undefined) return { left: "no controller hands out a kubeconfig" };
  const api = new KubernetesApi(kubeconfig, context.deadline);
  const names = [machine.name, renamedFrom];
  const read = async () =>
    parseNodes(await api.run(["get", "node", ...names, "--ignore-not-found", "-o", "json"]));
  try {
    const nodes = await waitForNode(machine.name, read, context);
    const [own, old] = names.map((name) => nodes.find((node) => node.name === name));
    if (old === undefined) return { done: `no Node of its old name ${renamedFrom} is left` };
    if (own === undefined) return { left: `there is no Node ${machine.name} yet` };
    if (!isSameMachine(own, old)) return { left: "it is the Node of another machine" };
    if (context.dryRun) return { done: `would delete the Node of its old name ${renamedFrom}` };
    await api.run(["delete", "node", renamedFrom, "--wait=false"]);
    return { done: `the Node of its old name ${renamedFrom} is deleted` };
  } catch (error) {
    if (error instanceof KubernetesError) return { left: error.message };
    throw error;
  }
}

async function waitForNode(
  name: string,
  read: () => Promise<KubernetesNode[]>,
  { deadline }: StepContext,
): Promise<KubernetesNode[]> {
  const until = deadline.elapsedSeconds + patienceSeconds;
  for (;;) {
    const nodes = await read();
    const isThere = nodes.some((node) => node.name === name);
    if (isThere || nodes.length === 0 || deadline.elapsedSeconds > until) return nodes;
    try {
      await deadline.sleep(intervalSeconds);
    } catch (error) {
      if (error instanceof DeadlineExceeded) return nodes;
      throw error;
    }
  }
}
