import { sameVersion } from "./identity";
import { someOf } from "./machine-report";
import type { MachineObservation } from "./wanted-machine";
import { kubernetesRelease, sameKubernetes } from "./version-problems";

/** Digits of a schematic's id that people are shown. */
const shownDigits = 12;

/** What a run moves on the running machines of a cluster. */
export interface Moves {
  /** Machines with another Talos or schematic, and what becomes of them in words. */
  readonly upgrades: readonly { readonly name: string; readonly text: string }[];
  /** Machines with another Kubernetes, and every version they have. */
  readonly kubernetes: { readonly names: readonly string[]; readonly running: readonly string[] };
}

/** Everything that differs from its pin on a running machine; what a machine does not tell does not move. */
export function movesOf(
  observations: readonly MachineObservation[],
  kubernetesVersion: string,
): Moves {
  const running = observations.filter(({ state }) => state.kind === "ours");
  const upgrades = running.flatMap((observation) => {
    const text = upgradeText(observation);
    return text === "" ? [] : [{ name: observation.machine.name, text }];
  });
  const others = running.map(({ machine, facts }) => ({
    name: machine.name,
    tags: Object.values(facts.kubernetesVersions ?? {}).filter(
      (tag) => !sameKubernetes(tag, kubernetesVersion),
    ),
  }));
  const names = others.filter(({ tags }) => tags.length > 0).map(({ name }) => name);
  const versions = new Set(others.flatMap(({ tags }) => tags.map(kubernetesRelease)));
  return { upgrades, kubernetes: { names, running: [...versions].sort() } };
}

function upgradeText({ machine, facts }: MachineObservation): string {
  const { talosVersion } = facts;
  const moves =
    talosVersion === undefined || sameVersion(talosVersion, machine.talosVersion)
      ? []
      : [`Talos ${talosVersion} -> ${machine.talosVersion}`];
  return [...moves, ...schematicMove(machine.schematicId, facts)].join(", ");
}

/** An image that lists its extensions and no schematic among them comes from no image factory. */
function schematicMove(
  wanted: string | undefined,
  { schematicId, extensions }: MachineObservation["facts"],
): string[] {
  if (wanted === undefined || wanted === schematicId) return [];
  if (schematicId === undefined && extensions === undefined) return [];
  return [`schematic ${short(schematicId ?? "none")} -> ${short(wanted)}`];
}

function short(id: string): string {
  return id.slice(0, shownDigits);
}

/** Most machines that get a line each; beyond, those that move alike share one. */
const linesPerMachineUpTo = 12;

/** What moves, a line a machine, then Kubernetes; or that nothing does. */
export function moveLines({ upgrades, kubernetes }: Moves, kubernetesVersion: string): string[] {
  const { names, running } = kubernetes;
  const count = `${names.length} machine${names.length === 1 ? "" : "s"}`;
  return [
    ...upgradeLines(upgrades),
    ...(names.length === 0
      ? []
      : [`Kubernetes ${running.join(" and ")} -> ${kubernetesVersion} on ${count}`]),
  ];
}

function upgradeLines(upgrades: Moves["upgrades"]): string[] {
  if (upgrades.length <= linesPerMachineUpTo) {
    return upgrades.map(({ name, text }) => `${name}: ${text}`);
  }
  const groups = new Map<string, string[]>();
  for (const { name, text } of upgrades) groups.set(text, [...(groups.get(text) ?? []), name]);
  return [...groups].map(([text, names]) => `${names.length} machines (${someOf(names)}): ${text}`);
}
