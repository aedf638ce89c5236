import { readBootId } from "./boot-id";
import { DeadlineExceeded } from "./deadline";
import { readDiagnostics } from "./diagnostics";
import { label } from "./machine";
import { readMachineState } from "./machine-state";
import { observeReadiness, type ReadinessTarget } from "./observe-readiness";
import { Progress } from "./progress";
import { judgeReadiness } from "./readiness";
import { readRunningImage } from "./running-image";
import {
  judgeReturn,
  type CallState,
  type ExpectedReturn,
  type ReturnObservation,
  type ReturnVerdict,
} from "./return-decision";
import type { StepContext } from "./step";

/** How a wait for a machine ended; `late` when the step's time was up first. */
export type Returned =
  | Exclude<ReturnVerdict, { readonly kind: "waiting" }>
  | { readonly kind: "late"; readonly missing: readonly string[] };

const intervalSeconds = 1;
/** A machine that fell back is given this long to be up again, so that pods may come back to it. */
const fallenBackSeconds = 120;
const diagnosticsEverySeconds = 20;
const quietSeconds = 10;

/** Waits until a machine that restarts is back and well, or it is plain that it will not be. */
export async function awaitReturn(
  target: ReadinessTarget,
  expected: ExpectedReturn,
  callState: () => CallState,
  context: StepContext,
): Promise<Returned> {
  const { deadline, talosctl, output } = context;
  const progress = new Progress(output, deadline);
  let missing: readonly string[] = [];
  let fellSince: number | undefined;
  const startedAtSeconds = deadline.elapsedSeconds;
  let askedAtSeconds = startedAtSeconds;
  try {
    for (;;) {
      const verdict = judgeReturn(await look(target, expected, callState, context), expected);
      // Questions that the deadline cut short say nothing about the machine.
      if (deadline.signal.aborted && verdict.kind === "waiting") return { kind: "late", missing };
      const now = deadline.elapsedSeconds;
      if (verdict.kind === "fell-back") {
        fellSince ??= now;
        if (verdict.isUp || now - fellSince > fallenBackSeconds) return verdict;
      } else if (verdict.kind !== "waiting") return verdict;
      missing = verdict.kind === "waiting" ? verdict.for : [verdict.because];
      if (now - askedAtSeconds > diagnosticsEverySeconds) {
        missing = [...missing, ...(await readDiagnostics(talosctl, target.machine))];
        askedAtSeconds = now;
      }
      // Before that the call itself tells how far the machine is.
      if (now - startedAtSeconds > quietSeconds)
        progress.report(`${label(target.machine)}: waiting: ${missing.join("; ")}`);
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) return { kind: "late", missing };
    throw error;
  }
}

async function look(
  target: ReadinessTarget,
  expected: ExpectedReturn,
  callState: () => CallState,
  { talosctl }: StepContext,
): Promise<ReturnObservation> {
  const { machine } = target;
  // The boot first: what is read after it is of that boot or a later one, never of an earlier.
  const [state, bootId] = await Promise.all([
    readMachineState(talosctl, machine),
    expected.bootIdBefore === undefined ? undefined : readBootId(talosctl, machine),
  ]);
  if (state.kind !== "ours") return { state, call: callState() };
  const [image, seen] = await Promise.all([
    readRunningImage(talosctl, machine),
    observeReadiness(talosctl, target),
  ]);
  // A configuration that somebody staged meanwhile waits for a later restart.
  const readiness = judgeReadiness({ ...seen, rebootPending: false });
  return { state: seen.state, bootId, image, readiness, call: callState() };
}
