import type { KubernetesApi } from "./kubernetes-api";
import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** Annotation of a Node that one of our steps cordoned: `<machine>, <step>, <time>`. */
export const cordonAnnotation = "talos-cluster.dev/cordoned";

/** A Node object of the cluster. */
export interface KubernetesNode {
  readonly name: string;
  readonly machineId: string;
  readonly internalAddresses: readonly string[];
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Which step cordoned it, when one of ours did. */
  readonly cordonedBy?: string;
  readonly isControlPlane: boolean;
  readonly kubeletVersion: string;
  /** Version of the object, for a change that must not overwrite another's. */
  readonly resourceVersion: string;
}

/** Every Node of the cluster. */
export async function readNodes(api: KubernetesApi): Promise<KubernetesNode[]> {
  return parseNodes(await api.run(["get", "nodes", "-o", "json"]));
}

/** The Node of a name, if there is one. */
export async function readNode(
  api: KubernetesApi,
  name: string,
): Promise<KubernetesNode | undefined> {
  return parseNodes(await api.run(["get", "node", name, "--ignore-not-found", "-o", "json"]))[0];
}

/** Name a machine's Node has, as the machine itself knows it. It is not always the name of the machine. */
export async function readNodename(
  talosctl: Talosctl,
  machine: Machine,
): Promise<string | undefined> {
  try {
    const [resource] = await talosctl.get(machine, "nodename");
    const { nodename } = (resource?.spec ?? {}) as { readonly nodename?: string };
    return nodename === undefined || nodename === "" ? undefined : nodename;
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}

/** Node of a machine: by the name the machine told, else by its address, else by the machine's own name. */
export function nodeOf(
  nodes: readonly KubernetesNode[],
  machine: Machine,
  nodename?: string,
): KubernetesNode | undefined {
  if (nodename !== undefined) return nodes.find(({ name }) => name === nodename);
  return (
    nodes.find(({ internalAddresses }) => internalAddresses.includes(machine.address)) ??
    nodes.find(({ name }) => name === machine.name)
  );
}

/** Whether two Nodes are one machine: a reinstalled one has another machine id, but its address. */
export function isSameMachine(
  first: Pick<KubernetesNode, "machineId" | "internalAddresses">,
  second: Pick<KubernetesNode, "machineId" | "internalAddresses">,
): boolean {
  if (first.machineId !== "" && first.machineId === second.machineId) return true;
  return first.internalAddresses.some((address) => second.internalAddresses.includes(address));
}

/** Nodes that `kubectl get node ... -o json` prints: a list, one alone, or nothing. */
export function parseNodes(text: string): KubernetesNode[] {
  if (text.trim() === "") return [];
  const parsed = JSON.parse(text) as NodeObject & { readonly items?: readonly NodeObject[] };
  return (parsed.items ?? [parsed]).map(nodeFrom);
}

const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

function nodeFrom({ metadata, spec, status }: NodeObject): KubernetesNode {
  const cordonedBy = metadata.annotations?.[cordonAnnotation];
  return {
    name: metadata.name,
    machineId: status?.nodeInfo?.machineID ?? "",
    internalAddresses: (status?.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .map(({ address }) => address),
    ready: (status?.conditions ?? []).some(
      ({ type, status: is }) => type === "Ready" && is === "True",
    ),
    cordoned: spec?.unschedulable === true,
    ...(cordonedBy !== undefined && { cordonedBy }),
    isControlPlane: metadata.labels?.[controlPlaneLabel] !== undefined,
    kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
  };
}

/** @see k8s.io/api v0.35 core/v1 Node */
interface NodeObject {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly nodeInfo?: { readonly machineID?: string; readonly kubeletVersion?: string };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
