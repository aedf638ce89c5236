import type { GateObservation, GateRules } from "./gate-decision";
import { checkHardware } from "./hardware";
import { identityProblem, isOlderMinor, relocationProblem, wipedProblem } from "./identity";
import { describeState } from "./machine-state";
import { bootMediumProblem, kubernetesVersionProblem } from "./version-problems";

/** Is it the machine we think it is, and will it understand what it gets? */
export function targetRules(observation: GateObservation): GateRules {
  const { configured, own, identity, facts, target } = observation;
  if (observation.held.includes(target.name)) {
    return {
      lasting: [`it is on hold. Set hold: false for ${target.name} in nodes/<stack>.yaml first`],
      passing: [],
    };
  }
  const incarnated = incarnationProblem(observation);
  if (incarnated !== undefined) return { lasting: [incarnated], passing: [] };
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

/** A new incarnation is a new resource, and the one it replaces is deleted at the end of the run. */
function incarnationProblem(observation: GateObservation): string | undefined {
  const { teardown, configured, incarnation, target } = observation;
  if (teardown !== true || configured || incarnation === 1) return undefined;
  return (
    `teardown is on, so deleting the config of its earlier incarnation would reset it at the end of this run. ` +
    `Destroy the cluster; or, if it stays, set teardown: false and run pulumi up before ${target.name} gets incarnation: ${incarnation}`
  );
}

function freshRules(observation: GateObservation, mismatches: readonly string[]): string[] {
  const { facts, wanted } = observation;
  return present([...mismatches, bootMediumProblem(facts, wanted), firstApplyProblem(observation)]);
}

/**
 * A machine in maintenance mode runs from memory: a staged configuration is lost with it, and the
 * machine stays where it is. Talos 1.12 knows no mode but auto there.
 *
 * @see siderolabs/talos v1.12.0, internal/app/maintenance/server.go
 */
function firstApplyProblem({ applyMode, facts, target }: GateObservation): string | undefined {
  if (applyMode === "auto") return undefined;
  const { talosVersion } = facts;
  const knows = talosVersion !== undefined && !isOlderMinor(talosVersion, "v1.13");
  if (applyMode === "no-reboot" && knows) return undefined;
  const why =
    applyMode === "staged"
      ? "what is staged there is lost"
      : `Talos ${talosVersion ?? "of unknown version"} does not know it there`;
  return (
    `it is in maintenance mode, where applyMode ${applyMode} cannot install it: ${why}. ` +
    `Set applyMode: auto for ${target.name} in nodes/<stack>.yaml for its first configuration`
  );
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
