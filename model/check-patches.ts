import type { PatchesInput, PatchInput } from "./cluster-input";
import { isKnown } from "./deferred";
import { parsePatch } from "./patch";
import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

/** Everything wrong with the patches: their texts, and machines that do not exist. */
export function checkPatches(
  patches: PatchesInput | undefined,
  nodeNames: readonly string[],
): Problem[] {
  const problems = allPatches(patches).flatMap((patch) =>
    isKnown(patch.text) ? [...parsePatch(patch.source, patch.text).problems] : [],
  );
  for (const name of Object.keys(patches?.nodes ?? {})) {
    if (nodeNames.includes(name)) continue;
    const known =
      nodeNames.length === 0 ? "There are no machines." : `Machines are ${listed(nodeNames)}.`;
    problems.push({
      path: `patches.nodes["${name}"]`,
      text: `there is no machine of this name.${didYouMean(name, nodeNames)} ${known}`,
    });
  }
  return problems;
}

function allPatches(patches: PatchesInput | undefined): PatchInput[] {
  const { global = [], controller = [], worker = [], nodes = {} } = patches ?? {};
  return [...global, ...controller, ...worker, ...Object.values(nodes).flat()];
}
