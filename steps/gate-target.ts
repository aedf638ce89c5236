import type { GateDecision, GateObservation } from "./gate-decision";
import { checkHardware } from "./hardware";
import { identityProblem, relocationProblem, wipedProblem } from "./identity";
import { describeState } from "./machine-state";
import { bootMediumProblem, kubernetesVersionProblem } from "./version-problems";

/** Is it the machine we think it is, and will it understand what it gets? */
export function targetRules(observation: GateObservation): Omit<GateDecision, "notes"> {
  const { configured, own, identity, facts } = observation;
  const hardware = checkHardware(identity, facts.hardware);
  switch (own.state.kind) {
    case "unreachable":
      return { lasting: present([addressRule(observation)]), passing: [describeState(own.state)] };
    case "foreign":
      return { lasting: [describeState(own.state)], passing: [] };
    case "maintenance":
      // A machine that just started may not know its hardware yet.
      return configured
        ? { lasting: [wipedProblem(observation.target.name, observation.incarnation)], passing: [] }
        : { lasting: freshRules(observation, hardware.mismatches), passing: hardware.untold };
    case "ours":
      return { lasting: oursRules(observation, hardware.mismatches), passing: [] };
  }
}

function freshRules({ facts, wanted }: GateObservation, mismatches: readonly string[]): string[] {
  return present([...mismatches, bootMediumProblem(facts, wanted)]);
}

function oursRules(observation: GateObservation, mismatches: readonly string[]): string[] {
  const { facts, wanted } = observation;
  const named = [...observation.seeds, ...observation.others.map(({ machine }) => machine)];
  return present([
    ...mismatches,
    identityProblem(wantedIdentity(observation), facts, named),
    addressRule(observation),
    kubernetesVersionProblem(facts, wanted),
  ]);
}

/** Only a configured machine has an address to keep. */
function addressRule(observation: GateObservation): string | undefined {
  const { configured, previousAddress, own, facts } = observation;
  if (!configured || previousAddress === undefined) return undefined;
  const relocation = { wanted: wantedIdentity(observation), previousAddress };
  return relocationProblem(relocation, own.state, facts);
}

function wantedIdentity({ target, role, renamedFrom }: GateObservation) {
  return { ...target, role, ...(renamedFrom !== undefined && { renamedFrom }) };
}

function present(problems: readonly (string | undefined)[]): string[] {
  return problems.filter((problem) => problem !== undefined);
}
