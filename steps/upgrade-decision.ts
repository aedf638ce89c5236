import { identityProblem, type WantedIdentity } from "./identity";
import type { Machine } from "./machine";
import type { MachineFacts } from "./machine-facts";
import { describeState, type MachineState } from "./machine-state";
import {
  describeImage,
  imageDifferences,
  type RunningImage,
  type WantedImage,
} from "./running-image";

/** One look at a machine that should run a certain system. What was not asked or not answered is left out. */
export interface UpgradeObservation {
  readonly target: WantedIdentity;
  /** Other machines the step knows by name. */
  readonly others: readonly Machine[];
  readonly wanted: WantedImage;
  readonly state: MachineState;
  readonly facts: MachineFacts;
  readonly image?: RunningImage;
  /** Image that is installed beside the running system and waits for a restart. */
  readonly pending?: string;
  /** Whether an earlier run has cordoned its Node and not taken that back; none while the machine knows no Node. */
  readonly cordonedByUs?: boolean;
  /** No controller holds etcd data: no machine gets further than booting. */
  readonly fresh?: boolean;
  /** How long it was seen booting. */
  readonly bootingSeconds?: number;
}

export type UpgradeDecision =
  /** It has no system of its own yet. */
  | { readonly kind: "nothing"; readonly because: string }
  | { readonly kind: "done"; readonly because: string }
  /** It runs what is wanted, but an earlier run did not see it through. */
  | { readonly kind: "finish"; readonly because: string }
  | { readonly kind: "wait"; readonly for: string; readonly isSilent: boolean }
  | { readonly kind: "refuse"; readonly because: string }
  | { readonly kind: "upgrade"; readonly changes: readonly string[] }
  /** The wanted system is installed, and only has to be started. */
  | { readonly kind: "restart"; readonly changes: readonly string[] };

/**
 * How long a machine that boots what is not wanted is given to end that. It may never: then the
 * wanted system is what mends it.
 */
export const bootingPatienceSeconds = 300;

/** What is to be done, by what the machine is now; never by what an earlier run did. */
export function decideUpgrade(observation: UpgradeObservation): UpgradeDecision {
  const { state, target, facts, others } = observation;
  switch (state.kind) {
    case "maintenance":
      return { kind: "nothing", because: "it is installed with its first configuration" };
    case "unreachable":
      return { kind: "wait", for: describeState(state), isSilent: true };
    case "foreign":
      return { kind: "refuse", because: describeState(state) };
    case "ours": {
      const stranger = identityProblem(target, facts, others);
      if (stranger !== undefined) return { kind: "refuse", because: stranger };
      return decideImage(observation, state.stage);
    }
  }
}

function decideImage(observation: UpgradeObservation, stage: string): UpgradeDecision {
  const { image, wanted, state, pending } = observation;
  if (image === undefined) {
    return {
      kind: "wait",
      for: `${describeState(state)}; its version is not told yet`,
      isSilent: true,
    };
  }
  const changes = imageDifferences(image, wanted);
  if (changes.length === 0) return decideWanted(observation, stage, image);
  if (!isUp(observation, stage))
    return { kind: "wait", for: describeState(state), isSilent: false };
  return { kind: pending === wanted.installerImage ? "restart" : "upgrade", changes };
}

function decideWanted(
  { wanted, state, pending, cordonedByUs, fresh }: UpgradeObservation,
  stage: string,
  image: RunningImage,
): UpgradeDecision {
  const runs = `it runs ${describeImage(image)}`;
  if (stage !== "running" && !(fresh === true && stage === "booting"))
    return { kind: "finish", because: `${runs}, and is not up yet: ${describeState(state)}` };
  if (pending !== undefined && pending !== wanted.installerImage) {
    const change = `${pending} was installed and not started: the next restart would start it`;
    return { kind: "upgrade", changes: [change] };
  }
  if (fresh !== true && cordonedByUs !== false) {
    const node =
      cordonedByUs === true ? "is still cordoned by an earlier run" : "is not known to it yet";
    return { kind: "finish", because: `${runs}, and its Node ${node}` };
  }
  return { kind: "done", because: runs };
}

/** Whether a machine can be told to install: it is not just restarting, nor at another work. */
function isUp({ fresh, bootingSeconds = 0 }: UpgradeObservation, stage: string): boolean {
  if (stage === "running") return true;
  return stage === "booting" && (fresh === true || bootingSeconds >= bootingPatienceSeconds);
}
