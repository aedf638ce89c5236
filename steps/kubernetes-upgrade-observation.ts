import { mapSideBySide } from "./concurrency";
import { fetchKubeconfig, KubernetesApi, KubernetesError } from "./kubernetes-api";
import { readNodes, type KubernetesNode } from "./kubernetes-nodes";
import type { Component, ComponentName } from "./kubernetes-upgrade-images";
import type { Machine } from "./machine";
import { observeControllers } from "./observe";
import { viewCluster, type ObservedController } from "./quorum";
import type { StepContext } from "./step";
import { TalosctlError } from "./talosctl-error";
import { parseResources, type Resource } from "./talosctl-output";

/** A Node of the cluster: upgrade-k8s goes to all of them, and to no other machine. */
export type UpgradeNode = Machine &
  Pick<KubernetesNode, "isControlPlane" | "ready" | "kubeletVersion">;

/** Everything that decides about an upgrade of Kubernetes. */
export interface KubernetesObservation {
  readonly controllers: readonly ObservedController[];
  readonly nodes: readonly UpgradeNode[];
  /** What the machines' configs and the pods say, of every Node that is not on hold. */
  readonly components: readonly Component[];
  /** What could not be asked, in words. */
  readonly unread: readonly string[];
  /** The same of machines whose kubelet is silent too: dead, and perhaps about to be taken out of the cluster. */
  readonly dead?: readonly string[];
}

/** Nodes asked at a time: each question is a process. */
const sideBySide = 8;

/** Pods of the control plane, and of kube-proxy, by the label that Talos gives them. */
const podNames = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];

/** Reads controllers, Nodes and every component once; of a cluster that is not live only the controllers. */
export async function observeKubernetes(
  seeds: readonly Machine[],
  held: readonly string[],
  context: StepContext,
): Promise<KubernetesObservation> {
  const controllers = await observeControllers(context.talosctl, seeds, held);
  const nothing = { controllers, nodes: [], components: [], unread: [] };
  if (viewCluster(controllers).kind !== "live") return nothing;
  const members = controllers
    .filter(({ etcd }) => etcd?.kind === "member")
    .map(({ machine }) => machine);
  try {
    const kubeconfig = await fetchKubeconfig(members, context.talosctl);
    if (kubeconfig === undefined)
      return { ...nothing, unread: ["no controller hands out a kubeconfig"] };
    const api = new KubernetesApi(kubeconfig, context.deadline);
    const [found, pods] = await Promise.all([readNodes(api), readPods(api)]);
    const nodes = found.map(upgradeNode);
    const asked = nodes.filter(({ name }) => !held.includes(name));
    const configured = await mapSideBySide(asked, sideBySide, async (node) => ({
      node,
      ...(await readConfigured(node, members, context)),
    }));
    const silent = configured.flatMap((found) => ("problem" in found ? [found] : []));
    const problems = (ready: boolean) =>
      silent.filter(({ node }) => node.ready === ready).map(({ problem }) => problem);
    return {
      controllers,
      nodes,
      components: [
        ...configured.flatMap((found) => ("problem" in found ? [] : found.components)),
        ...pods.filter(({ node }) => asked.some(({ name }) => name === node)),
      ],
      unread: problems(true),
      dead: problems(false),
    };
  } catch (error) {
    if (error instanceof KubernetesError) return { ...nothing, unread: [error.message] };
    throw error;
  }
}

function upgradeNode({ internalAddresses, ...node }: KubernetesNode): UpgradeNode {
  return { ...node, address: internalAddresses[0] ?? "" };
}

/** @see k8s.io/api v0.35 core/v1 */
interface PodObject {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly name: string; readonly image: string }[];
  };
}

async function readPods(api: KubernetesApi): Promise<Component[]> {
  const selector = `k8s-app in (${podNames.join(",")})`;
  const text = await api.run([
    ...["get", "pods", "--namespace", "kube-system", "--selector", selector],
    ...["-o", "json"],
  ]);
  const pods = (JSON.parse(text) as { readonly items?: readonly PodObject[] }).items ?? [];
  return pods.flatMap(({ metadata, spec }): Component[] => {
    const name = metadata.labels?.["k8s-app"];
    const container = spec?.containers?.find((candidate) => candidate.name === name);
    if (container === undefined || spec?.nodeName === undefined) return [];
    return [{ node: spec.nodeName, name: name as ComponentName, image: container.image }];
  });
}

/** Resources that hold the images of a machine's config. */
const everywhere: readonly [ComponentName, string][] = [["kubelet", "kubeletspec"]];
const onControllers: readonly [ComponentName, string][] = [
  ...everywhere,
  ["kube-apiserver", "apiserverconfigs"],
  ["kube-controller-manager", "controllermanagerconfigs"],
  ["kube-scheduler", "schedulerconfigs"],
];

type Configured = { readonly components: readonly Component[] } | { readonly problem: string };

/** Asked as upgrade-k8s asks: through a controller, at the address of the Node. */
async function readConfigured(
  node: UpgradeNode,
  members: readonly Machine[],
  { talosctl }: StepContext,
): Promise<Configured> {
  const through = members.find(({ address }) => address === node.address) ?? members[0];
  try {
    const found = await Promise.all(
      (node.isControlPlane ? onControllers : everywhere).map(async ([name, type]) => {
        const text = await talosctl.run(node, ["get", type, "-o", "json"], { through });
        return componentOf(node.name, name, parseResources(text));
      }),
    );
    return { components: found.flat() };
  } catch (error) {
    if (!(error instanceof TalosctlError) || error.kind === "missing") throw error;
    return {
      problem: `${node.name} (${node.address}) does not say what it runs: ${error.message}`,
    };
  }
}

/** A component that is switched off in the config has no version. */
function componentOf(
  node: string,
  name: ComponentName,
  resources: readonly Resource[],
): Component[] {
  const spec = resources[0]?.spec as { image?: string; enabled?: boolean } | undefined;
  if (spec?.image === undefined || spec.image === "" || spec.enabled === false) return [];
  return [{ node, name, image: spec.image }];
}
