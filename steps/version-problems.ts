import { isOlderMinor, sameVersion } from "./identity";
import type { MachineFacts } from "./machine-facts";
import type { Machine } from "./machine";

/** What a machine is wanted to run. */
export interface WantedVersions {
  readonly talosVersion?: string;
  readonly kubernetesVersion?: string;
  readonly installerImage?: string;
  /** Oldest Talos that understands every document of the machine's configuration. */
  readonly oldestTalosVersion?: string;
}

/** A running machine that is not at its Talos pin when it should be: its upgrade was left out, or fell back. */
export function talosVersionProblem(
  machine: Machine,
  facts: MachineFacts,
  wanted: WantedVersions,
): string | undefined {
  const { talosVersion: running } = facts;
  if (running === undefined || wanted.talosVersion === undefined) return undefined;
  if (sameVersion(running, wanted.talosVersion)) return undefined;
  return (
    `it runs Talos ${running}, the pin says ${wanted.talosVersion}. The step upgrade of ${machine.name} comes before this one: ` +
    "run pulumi up without --target, or set talosVersion back to what runs"
  );
}

/**
 * A configuration names every Kubernetes image, so one of another version would upgrade or take
 * back a component of this machine alone, round the order of `talosctl upgrade-k8s`.
 */
export function kubernetesVersionProblem(
  facts: MachineFacts,
  wanted: WantedVersions,
): string | undefined {
  const { kubernetesVersion: pin } = wanted;
  if (pin === undefined) return undefined;
  const running = Object.entries(facts.kubernetesVersions ?? {}).filter(
    ([, tag]) => !sameKubernetes(tag, pin),
  );
  if (running.length === 0) return undefined;
  const seen = running.map(([component, tag]) => `${component} ${tag}`).join(" and ");
  return (
    `it runs ${seen}, the pin says Kubernetes ${pin}. A configuration must not move Kubernetes on a live machine: ` +
    "the step kubernetes-upgrade does, for the whole cluster, before any configuration. Run pulumi up without --target, or set kubernetesVersion back to what runs"
  );
}

/** Whether an image's tag is a Kubernetes release; Talos's kubelet images have variants of the same one. */
export function sameKubernetes(tag: string, version: string): boolean {
  return sameVersion(kubernetesRelease(tag), version);
}

/**
 * Release of an image's tag: `v1.35.3` of `v1.35.3-slim`.
 *
 * @see siderolabs/talos v1.13.0, pkg/cluster/kubernetes/kubelet.go: upgrade-k8s keeps the variant
 */
export function kubernetesRelease(tag: string): string {
  return tag.replace(/-(?:fat|slim)$/, "");
}

/** A machine in maintenance mode whose Talos cannot read the configuration it would get. */
export function bootMediumProblem(facts: MachineFacts, wanted: WantedVersions): string | undefined {
  const { talosVersion: running } = facts;
  const { oldestTalosVersion: oldest } = wanted;
  if (running === undefined || oldest === undefined || !isOlderMinor(running, oldest))
    return undefined;
  const release = wanted.talosVersion ?? oldest;
  const image =
    wanted.installerImage === undefined
      ? ""
      : ` (for example the ISO of the same schematic as ${wanted.installerImage})`;
  return `it booted Talos ${running}, whose maintenance mode does not know documents of Talos ${oldest}, which its configuration has. Boot it from a Talos ${release} medium${image}.`;
}
