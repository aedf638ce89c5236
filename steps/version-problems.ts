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

/** Problem and the way out, as one text each. */
export function talosVersionProblem(
  machine: Machine,
  facts: MachineFacts,
  wanted: WantedVersions,
): string | undefined {
  const { talosVersion: running } = facts;
  if (running === undefined || wanted.talosVersion === undefined) return undefined;
  if (sameVersion(running, wanted.talosVersion)) return undefined;
  const image = wanted.installerImage ?? `<installer image of ${wanted.talosVersion}>`;
  return (
    `it runs Talos ${running}, the pin says ${wanted.talosVersion}. This version of talos-cluster upgrades no machine: ` +
    `set talosVersion to ${running}, or upgrade by hand, one machine at a time: talosctl upgrade --nodes ${machine.address} --image ${image}`
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
    ([, tag]) => !sameVersion(tag, pin),
  );
  if (running.length === 0) return undefined;
  const seen = running.map(([component, tag]) => `${component} ${tag}`).join(" and ");
  return (
    `it runs ${seen}, the pin says Kubernetes ${pin}. A configuration must not move Kubernetes on a live machine, ` +
    "and this version of talos-cluster upgrades none: set kubernetesVersion to what runs, or upgrade by hand: " +
    `talosctl upgrade-k8s --nodes <address of a controller> --to ${pin.replace(/^v/, "")}`
  );
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
