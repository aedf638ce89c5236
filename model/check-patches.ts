import type { PatchesInput, PatchInput } from "./cluster-input";
import { parsePatch } from "./patch";
import { readPatch, type PatchReading, type Variables } from "./patch-reading";
import { checkPatchTarget, type PatchTarget } from "./patch-target";
import type { Findings, Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

export type { PatchTarget } from "./patch-target";

/**
 * Everything wrong with the patches: their texts, their variables, and what they do to the machines they reach. Never throws.
 *
 * Every patch is read once, and machines that are alike to patches are checked once.
 */
export function checkPatches(
  patches: PatchesInput | undefined,
  targets: readonly PatchTarget[],
  variables: Variables = {},
  parse = parsePatch,
): Findings {
  const readings = new Map<PatchInput, PatchReading>();
  for (const patch of allPatches(patches, targets))
    if (!readings.has(patch)) readings.set(patch, readPatch(patch, variables, parse));
  return {
    problems: [
      ...[...readings.values()].flatMap(({ problems }) => problems),
      ...checkTargets(targets, readings),
      ...checkNodeNames(patches, targets),
    ],
    warnings: unusedVariables(variables, [...readings.values()]),
  };
}

function allPatches(
  patches: PatchesInput | undefined,
  targets: readonly PatchTarget[],
): PatchInput[] {
  const { global = [], controller = [], worker = [], nodes = {} } = patches ?? {};
  return [
    ...global,
    ...controller,
    ...worker,
    ...Object.values(nodes).flat(),
    ...targets.flatMap((target) => target.patches),
  ];
}

/** Problems of single machines, each said once, with the machines' names when it does not concern all the patch reaches. */
function checkTargets(
  targets: readonly PatchTarget[],
  readings: ReadonlyMap<PatchInput, PatchReading>,
): Problem[] {
  const found = new Map<string, Problem & { readonly machines: Set<string> }>();
  for (const group of alike(targets, [...readings.keys()])) {
    const [first] = group;
    if (first === undefined) continue;
    const problems = checkPatchTarget(
      first,
      first.patches.flatMap((patch) => readings.get(patch) ?? []),
    );
    for (const problem of problems) {
      const id = `${problem.path}\n${problem.text}`;
      const known = found.get(id) ?? { ...problem, machines: new Set<string>() };
      for (const { name } of group) known.machines.add(name);
      found.set(id, known);
    }
  }
  const reached = machinesByPath(targets, readings);
  return [...found.values()].map(({ path, text, machines }) => ({
    path,
    text: machines.size < (reached.get(path) ?? 0) ? `${text} ${concerns([...machines])}` : text,
  }));
}

/** Machines in groups that no check of patches can tell apart. */
function alike(
  targets: readonly PatchTarget[],
  patches: readonly PatchInput[],
): Iterable<PatchTarget[]> {
  const numbers = new Map(patches.map((patch, number) => [patch, number]));
  const groups = new Map<string, PatchTarget[]>();
  for (const target of targets) {
    const { role, talosVersion, versionContract, kubernetesVersion } = target;
    const id = [
      role,
      talosVersion,
      versionContract,
      kubernetesVersion,
      target.factKeys.join(","),
      target.factFields?.join(","),
      target.patches.map((patch) => numbers.get(patch)).join(","),
    ].join("\n");
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [target]);
    else group.push(target);
  }
  return groups.values();
}

function machinesByPath(
  targets: readonly PatchTarget[],
  readings: ReadonlyMap<PatchInput, PatchReading>,
): Map<string, number> {
  const counts = new Map<PatchInput, number>();
  for (const { patches } of targets)
    for (const patch of patches) counts.set(patch, (counts.get(patch) ?? 0) + 1);
  return new Map(
    [...readings].flatMap(([patch, { documents }]) =>
      documents.map(({ document }) => [document.path, counts.get(patch) ?? 0] as const),
    ),
  );
}

const namedMachineCount = 5;

function concerns(machines: readonly string[]): string {
  const more = machines.length - namedMachineCount;
  const named =
    more > 1 ? [...machines.slice(0, namedMachineCount), `${more} more`] : [...machines];
  return `This concerns ${listed(named)}.`;
}

function checkNodeNames(
  patches: PatchesInput | undefined,
  targets: readonly PatchTarget[],
): Problem[] {
  const names = targets.map(({ name }) => name);
  const known = new Set(names);
  const machines = names.length === 0 ? "There are no machines." : `Machines are ${listed(names)}.`;
  return Object.keys(patches?.nodes ?? {})
    .filter((name) => !known.has(name))
    .map((name) => ({
      path: `patches.nodes["${name}"]`,
      text: `there is no machine of this name.${didYouMean(name, names)} ${machines}`,
    }));
}

function unusedVariables(variables: Variables, readings: readonly PatchReading[]): Problem[] {
  // A patch that is known only during the run may use any of them; so may one that could not be read.
  if (readings.some(({ isDeferred, problems }) => isDeferred || problems.length > 0)) return [];
  const used = new Set(readings.flatMap((reading) => reading.variables));
  return Object.keys(variables)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: `patchVariables.${name}`,
      text: `is used by no patch. Write \${${name}} where it belongs, or take it out.`,
    }));
}
