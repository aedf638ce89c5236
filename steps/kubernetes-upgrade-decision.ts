import semver from "semver";
import { minorOf, minorsBetween } from "../model/versions";
import { decideSparing } from "./cluster-gate";
import { sameVersion } from "./identity";
import { imageRelease, type Component } from "./kubernetes-upgrade-images";
import type { KubernetesObservation, UpgradeNode } from "./kubernetes-upgrade-observation";
import type { Machine } from "./machine";
import { someOf } from "./machine-report";
import { describeController, viewCluster } from "./quorum";

/** What to do about Kubernetes, after one look at the whole cluster. */
export type KubernetesDecision =
  | { readonly action: "done"; readonly because: string }
  /** Some component is behind, and the cluster can take the upgrade. */
  | {
      readonly action: "upgrade";
      /** Lowest version of the control plane, from which upgrade-k8s starts. */
      readonly from: string;
      /** Components that are not at the version yet. */
      readonly behind: readonly string[];
      /** Controller the upgrade goes through: a real one, never a virtual address that moves meanwhile. */
      readonly through: Machine;
      readonly notes: readonly string[];
    }
  /** Not now, but in a moment perhaps. */
  | { readonly action: "wait"; readonly reasons: readonly string[] }
  /** Time will not help. */
  | { readonly action: "refuse"; readonly reasons: readonly string[] };

/** What is wanted, and who is left out. */
export interface KubernetesGoal {
  readonly kubernetesVersion: string;
  readonly held: readonly string[];
  readonly seeds: readonly Machine[];
}

export function decideKubernetesUpgrade(
  observation: KubernetesObservation,
  goal: KubernetesGoal,
): KubernetesDecision {
  const { controllers, components, unread, dead = [] } = observation;
  const cluster = viewCluster(controllers);
  if (cluster.kind === "fresh")
    return { action: "done", because: "the cluster is not bootstrapped yet" };
  if (cluster.kind === "unclear")
    return { action: "wait", reasons: controllers.map(describeController) };
  if (unread.length > 0) return { action: "wait", reasons: unread };
  const behind = behindOf(observation, goal);
  if (behind.length === 0) {
    // A dead machine is taken out later in the same run: it must not hold up what needs nothing of it.
    const notes = dead.map((text) => `; ${text}`).join("");
    return { action: "done", because: `every component is at ${goal.kubernetesVersion}${notes}` };
  }
  if (dead.length > 0) {
    const first = "if it is gone for good, remove it first, in a run that moves no version";
    return { action: "wait", reasons: dead.map((text) => `${text}; ${first}`) };
  }
  const lasting = [
    ...pathReasons(components, goal.kubernetesVersion),
    ...heldReasons(observation, goal),
  ];
  if (lasting.length > 0) return { action: "refuse", reasons: lasting };
  const gate = decideSparing({
    // Nobody restarts: all controllers have to be well, and none is spared.
    target: { name: "", address: "" },
    role: "worker",
    controllers,
    planned: goal.seeds.length,
  });
  const passing = [...gate.lasting, ...gate.passing, ...nodeReasons(observation, goal)];
  if (passing.length > 0) return { action: "wait", reasons: passing };
  const from =
    lowest(components.filter(({ name }) => name !== "kubelet")) ?? goal.kubernetesVersion;
  return { action: "upgrade", from, behind, through: cluster.askedOf, notes: gate.notes };
}

/** Components that are not at the version, a line a Node, kubelets by what they report too. */
export function behindOf(
  { components, nodes }: KubernetesObservation,
  { kubernetesVersion, held }: KubernetesGoal,
): string[] {
  const asked = nodes.filter(({ name }) => !held.includes(name));
  return asked.flatMap((node) => {
    const own = components.filter((component) => component.node === node.name);
    const images = own
      .filter(({ image }) => !isAt(imageRelease(image), kubernetesVersion))
      .map(({ name, image }) => `${name} ${imageRelease(image) ?? image}`);
    const reported = isAt(node.kubeletVersion, kubernetesVersion)
      ? []
      : [`kubelet ${node.kubeletVersion}`];
    const all = [...new Set([...images, ...reported])];
    return all.length === 0 ? [] : [`${node.name}: ${all.join(", ")}`];
  });
}

function isAt(version: string | undefined, wanted: string): boolean {
  return version !== undefined && sameVersion(version, wanted);
}

/** upgrade-k8s goes up one minor, or moves within one, and counts from the oldest part of the control plane. */
function pathReasons(components: readonly Component[], wanted: string): string[] {
  const unknown = components.filter(({ image }) => imageRelease(image) === undefined);
  if (unknown.length > 0) {
    const images = [...new Set(unknown.map(({ image }) => image))];
    return [
      `${someOf(images)}: the image names no Kubernetes version in a tag, so nobody can tell what runs. Give it a tag in your patches`,
    ];
  }
  const controlPlane = components.filter(({ name }) => name !== "kubelet");
  const oldest = lowest(controlPlane);
  if (oldest !== undefined && minorsBetween(minorOf(oldest), minorOf(wanted)) < 0) {
    return [
      `Kubernetes does not go back a minor, from ${oldest} to ${wanted}. Set kubernetesVersion to ${oldest}, or to a newer patch of v${minorOf(oldest)}`,
    ];
  }
  if (oldest !== undefined && minorsBetween(minorOf(oldest), minorOf(wanted)) > 1) {
    return [
      `Kubernetes goes one minor at a time, not from ${oldest} to ${wanted}. First set kubernetesVersion to the newest patch of v${nextMinor(oldest)}`,
    ];
  }
  return [];
}

function nextMinor(version: string): string {
  const { major, minor } = semver.parse(version) ?? { major: 0, minor: 0 };
  return `${major}.${minor + 1}`;
}

function lowest(components: readonly Component[]): string | undefined {
  return releases(components)[0];
}

function releases(components: readonly Component[]): string[] {
  return components.flatMap(({ image }) => imageRelease(image) ?? []).sort(semver.compare);
}

/**
 * upgrade-k8s takes every Node there is, and stops at the first that does not answer: it can leave out none of them.
 *
 * @see siderolabs/talos v1.13.0, pkg/cluster/kubernetes/talos_managed.go: VerifyVersionCompatibility asks all of them first
 */
function heldReasons({ nodes }: KubernetesObservation, { held }: KubernetesGoal): string[] {
  return nodes
    .filter(({ name }) => held.includes(name))
    .map(
      ({ name }) =>
        `${name} is on hold, and talosctl upgrade-k8s goes to every Node there is: it would fail at one that is down, and change one that is not. ` +
        `Take ${name} off hold, or delete its Node (kubectl delete node ${name}): the machine registers again when its kubelet starts`,
    );
}

/** Each kubelet restarts in turn, and upgrade-k8s waits until its Node is Ready again. */
function nodeReasons(
  { nodes, controllers }: KubernetesObservation,
  { held }: KubernetesGoal,
): string[] {
  const asked = nodes.filter(({ name }) => !held.includes(name));
  const unready = asked.filter(({ ready }) => !ready).map(({ name }) => name);
  const absent = controllers
    .filter((controller) => controller.held !== true && controller.etcd?.kind === "member")
    .filter(({ machine }) => !asked.some((node) => isNodeOf(node, machine)))
    .map(({ machine }) => machine.name);
  return [
    ...(unready.length === 0 ? [] : [unreadyText(unready, asked.length)]),
    ...(absent.length === 0
      ? []
      : [`${someOf(absent)} has no Node in Kubernetes: its kubelet has not registered`]),
  ];
}

function unreadyText(unready: readonly string[], all: number): string {
  if (unready.length < all) return `Nodes that are not Ready: ${someOf(unready)}`;
  return "no Node is Ready, and upgrade-k8s waits for each of them to be: install a network plugin first";
}

function isNodeOf(node: UpgradeNode, machine: Machine): boolean {
  return node.name === machine.name || node.address === machine.address;
}
