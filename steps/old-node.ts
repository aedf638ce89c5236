import { DeadlineExceeded } from "./deadline";
import { kubectlMessage, runKubectl } from "./kubectl";
import { label, type Machine, type Role } from "./machine";
import type { StepContext } from "./step";
import { TalosctlError } from "./talosctl-error";

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
  const { machine, renamedFrom } = renamed;
  const kubeconfig = await fetchKubeconfig(renamed, context);
  if (kubeconfig === undefined) return { left: "no controller hands out a kubeconfig" };
  const run = async (...args: string[]): Promise<string> => {
    const ended = await runKubectl(kubeconfig, args, context.deadline);
    if (ended.missing) throw new KubectlFailure("kubectl is not on PATH");
    if (ended.timedOut) throw new KubectlFailure("the Kubernetes API does not answer in time");
    if (ended.code === 0) return ended.stdout;
    throw new KubectlFailure(kubectlMessage(ended.stderr));
  };
  const names = [machine.name, renamedFrom];
  const read = async () =>
    parseNodes(await run("get", "node", ...names, "--ignore-not-found", "-o", "json"));
  try {
    const nodes = await waitForNode(machine.name, read, context);
    const [own, old] = names.map((name) => nodes.find((node) => node.name === name));
    if (old === undefined) return { done: `no Node of its old name ${renamedFrom} is left` };
    if (own === undefined) return { left: `there is no Node ${machine.name} yet` };
    if (!isSameMachine(own, old)) return { left: "it is the Node of another machine" };
    await run("delete", "node", renamedFrom, "--wait=false");
    return { done: `the Node of its old name ${renamedFrom} is deleted` };
  } catch (error) {
    if (error instanceof KubectlFailure) return { left: error.message };
    throw error;
  }
}

class KubectlFailure extends Error {}

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

async function fetchKubeconfig(
  { machine, role, seeds }: RenamedMachine,
  { talosctl }: StepContext,
): Promise<string | undefined> {
  for (const controller of role === "controller" ? [machine, ...seeds] : seeds) {
    try {
      const text = await talosctl.run(controller, ["kubeconfig", "-", "--merge=false"]);
      if (text !== "") return text;
    } catch (error) {
      if (!(error instanceof TalosctlError) || error.kind === "missing") throw error;
    }
  }
  return undefined;
}

/** What tells two Node objects of one machine from those of two. */
export interface KubernetesNode {
  readonly name: string;
  readonly machineId: string;
  readonly internalAddresses: readonly string[];
}

/** Whether two Nodes are one machine: a reinstalled one has another machine id, but its address. */
export function isSameMachine(first: KubernetesNode, second: KubernetesNode): boolean {
  if (first.machineId !== "" && first.machineId === second.machineId) return true;
  return first.internalAddresses.some((address) => second.internalAddresses.includes(address));
}

/** Nodes that `kubectl get node <names> -o json` prints: a list, one alone, or nothing. */
export function parseNodes(text: string): KubernetesNode[] {
  if (text.trim() === "") return [];
  const parsed = JSON.parse(text) as NodeObject & { readonly items?: readonly NodeObject[] };
  return (parsed.items ?? [parsed]).map(({ metadata, status }) => ({
    name: metadata.name,
    machineId: status?.nodeInfo?.machineID ?? "",
    internalAddresses: (status?.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .map(({ address }) => address),
  }));
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly nodeInfo?: { readonly machineID?: string };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}
