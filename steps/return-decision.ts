import { describeState, type MachineState } from "./machine-state";
import type { ReadinessVerdict } from "./readiness";
import {
  describeImage,
  imageDifferences,
  type RunningImage,
  type WantedImage,
} from "./running-image";

/** One look at a machine that was told to restart. What was not asked or not answered is left out. */
export interface ReturnObservation {
  readonly state: MachineState;
  /** Identity of the boot that runs. */
  readonly bootId?: string;
  readonly image?: RunningImage;
  readonly readiness?: ReadinessVerdict;
  /** What became of the call that restarts it. */
  readonly call: CallState;
}

export type CallState =
  /** An earlier run made it; nothing is known of it. */
  | { readonly kind: "unknown" }
  | { readonly kind: "running" }
  | {
      readonly kind: "ended";
      readonly ok: boolean;
      readonly said: string;
      readonly forSeconds: number;
    };

/** What is expected of a machine when it returns. */
export interface ExpectedReturn {
  /** Boot before the restart; none when it is not known. */
  readonly bootIdBefore?: string;
  /** System it should run; none for a plain restart. */
  readonly wanted?: WantedImage;
  /** Only up, where readiness cannot be had: a machine whose cluster is not bootstrapped. */
  readonly onlyUp?: boolean;
}

export type ReturnVerdict =
  | { readonly kind: "waiting"; readonly for: readonly string[] }
  | { readonly kind: "back"; readonly summary: string }
  /** It runs another system than it was given: it started that one, failed, and took the one before. */
  | { readonly kind: "fell-back"; readonly because: string; readonly isUp: boolean }
  /** The call failed and the machine never restarted. */
  | { readonly kind: "not-restarted"; readonly because: string };

/** A call may end a moment before the machine begins what it was asked for. */
const settleSeconds = 5;
/**
 * A machine restarts by itself when one of its own sequences failed, after a count-down of ten seconds.
 *
 * @see siderolabs/talos v1.13.0, internal/app/machined/main.go
 */
const failedSequenceSeconds = 30;

export function judgeReturn(seen: ReturnObservation, expected: ExpectedReturn): ReturnVerdict {
  const { state, image, readiness } = seen;
  if (state.kind !== "ours") return waiting(describeState(state));
  if (!hasRestarted(seen, expected)) return notYet(seen);
  if (image === undefined) return waiting(`${describeState(state)}; its version is not told yet`);
  const isUp = readiness?.ready === true;
  const { wanted } = expected;
  if (wanted !== undefined && imageDifferences(image, wanted).length > 0) {
    return { kind: "fell-back", because: `it runs ${describeImage(image)}`, isUp };
  }
  if (expected.onlyUp === true) return { kind: "back", summary: describeImage(image) };
  if (readiness === undefined) return waiting(describeState(state));
  if (!readiness.ready) return { kind: "waiting", for: readiness.missing };
  return { kind: "back", summary: `${describeImage(image)}, ${readiness.summary}` };
}

/** By its boot; where that is not known, by the system it runs. */
function hasRestarted(
  { bootId, image, call }: ReturnObservation,
  { bootIdBefore, wanted }: ExpectedReturn,
): boolean {
  if (bootIdBefore !== undefined && bootId !== undefined) return bootId !== bootIdBefore;
  if (call.kind === "unknown") return true;
  if (wanted !== undefined && image !== undefined)
    return imageDifferences(image, wanted).length === 0;
  return call.kind === "ended" && call.ok;
}

function notYet({ state, call }: ReturnObservation): ReturnVerdict {
  const isRunning = state.kind === "ours" && ["running", "booting"].includes(state.stage);
  if (isRunning && call.kind === "ended" && !call.ok && call.forSeconds > settleTime(call.said)) {
    return { kind: "not-restarted", because: call.said };
  }
  return waiting(`it has not restarted yet: ${describeState(state)}`);
}

function settleTime(said: string): number {
  return isSequenceFailure(said) ? failedSequenceSeconds : settleSeconds;
}

/** Whether a call failed because the machine could not do what it began: it restarts then, as it was. */
export function isSequenceFailure(said: string): boolean {
  return /sequence failed/.test(said);
}

function waiting(text: string): ReturnVerdict {
  return { kind: "waiting", for: [text] };
}
