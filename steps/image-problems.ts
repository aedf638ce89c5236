import { extensionLoss, securebootSwitchProblem } from "../model/extension-loss";
import { officialPrefix } from "../model/official-extensions";
import type { MachineObservation } from "./wanted-machine";

/** What a running machine would lose, or could not become, by the image that is wanted for it. */
export function imageProblems({ machine, state, facts }: MachineObservation): string[] {
  if (state.kind !== "ours") return [];
  const { secureBoot, extensions = [] } = facts;
  const boot =
    secureBoot === undefined ? undefined : securebootSwitchProblem(secureBoot, machine.secureboot);
  const lost = extensionLoss(extensions, machine.extensions, machine.dropExtensions);
  return [
    ...(boot === undefined ? [] : [`it ${boot}`]),
    ...(lost.length === 0 ? [] : [lossText(lost)]),
  ];
}

function lossText(lost: readonly string[]): string {
  const [they, them] = lost.length === 1 ? ["it", "it"] : ["they", "them"];
  // A machine knows an extension by its bare name; only what stands behind the slash is compared.
  const names = lost.map((name) => `${officialPrefix}${name}`).join(", ");
  return (
    `it runs with ${lost.join(", ")}, which the wanted schematic leaves out: ${they} would be gone after an upgrade. ` +
    `Add ${them} to the machine's schematic, or say dropExtensions: [${names}].`
  );
}
