import { noReasons, type GateReasons } from "./cluster-gate";
import { nodeOf, type KubernetesNode } from "./kubernetes-nodes";
import type { Machine, Role } from "./machine";

/** What the Kubernetes Nodes say about taking a machine out of service. */
export interface NodesObservation {
  readonly target: Machine;
  readonly role: Role;
  /** Name of the target's Node, as the machine tells it. */
  readonly nodename?: string;
  readonly nodes: readonly KubernetesNode[];
  /** Names of machines on hold: their Nodes may be in any state. */
  readonly held: readonly string[];
}

/**
 * Whether the other Nodes are Ready, so that the pods of the target have a place to go.
 *
 * Where no Node is Ready there is no network plugin, and nothing to compare with.
 */
export function decideNodes({
  target,
  role,
  nodename,
  nodes,
  held,
}: NodesObservation): GateReasons {
  if (!nodes.some(({ ready }) => ready)) {
    const note = "no Node of the cluster is Ready: there is no network plugin yet";
    return nodes.length === 0 ? noReasons : { ...noReasons, notes: [note] };
  }
  const own = nodeOf(nodes, target, nodename);
  const others = nodes.filter((node) => node !== own);
  const isHeld = ({ name }: KubernetesNode) => held.some((machine) => isNamed(name, machine));
  const isAtWork = (node: KubernetesNode) => isOfSameWave(node, role);
  const unready = others.filter(({ ready }) => !ready);
  return {
    lasting: [],
    passing: unready
      .filter((node) => !isHeld(node) && !isAtWork(node))
      .map(({ name }) => `Node ${name} is not Ready`),
    notes: [
      ...unready.filter(isHeld).map(({ name }) => `Node ${name} is not Ready, and is on hold`),
      ...(own?.ready === false ? [`its own Node ${own.name} is not Ready`] : []),
      ...others.flatMap((node) => cordonNotes(node, isAtWork(node))),
    ],
  };
}

/** Workers of one wave are out at the same time, each by its own step, which has written so on the Node. */
function isOfSameWave(node: KubernetesNode, role: Role): boolean {
  return role === "worker" && !node.isControlPlane && node.cordonedBy !== undefined;
}

function cordonNotes({ name, cordoned, cordonedBy }: KubernetesNode, isAtWork: boolean): string[] {
  if (!cordoned || isAtWork) return [];
  return cordonedBy === undefined
    ? [`Node ${name} is cordoned, not by talos-cluster`]
    : [`Node ${name} is still cordoned by an unfinished step (${cordonedBy})`];
}

/** A Node has the name of its machine, or that with a domain behind it. */
function isNamed(node: string, machine: string): boolean {
  return node === machine || node.startsWith(`${machine}.`);
}
