import { readBootId } from "./boot-id";
import { label, type Machine } from "./machine";
import { awaitReturn, type Returned } from "./machine-return";
import { Progress } from "./progress";
import { RestartCall } from "./restart-call";
import { readinessTarget, type RestartPlan } from "./restart-plan";
import type { StepContext } from "./step";

/** Time the step keeps for its own last word. */
const marginSeconds = 5;
/** Between two calls to a machine that did not take the first. */
const pauseSeconds = 3;
/** Connections that may break before a call was taken. */
const brokenAtMost = 5;

/** A machine that was told to restart, and what came of it. */
export interface Restarted {
  readonly returned: Returned;
  readonly call?: RestartCall;
}

/** Tells a machine to restart, until it takes the call, and waits for its return. */
export async function tellToRestart(
  plan: RestartPlan,
  through: Machine,
  context: StepContext,
): Promise<Restarted> {
  const { deadline, output } = context;
  const progress = new Progress(output, deadline);
  for (let broken = 0; ;) {
    const restarted = await restartOnce(plan, through, context);
    const { returned } = restarted;
    if (returned.kind !== "not-restarted" || deadline.remainingSeconds < 2 * pauseSeconds)
      return restarted;
    if (isBroken(returned.because)) broken += 1;
    else if (!isBusy(returned.because)) return restarted;
    if (broken > brokenAtMost) return restarted;
    progress.report(`${label(plan.target.machine)}: again, since ${returned.because}`);
    await deadline.sleep(pauseSeconds);
  }
}

/** An installation goes on in the machine when the talosctl that began it was killed; a second is refused meanwhile. */
function isBusy(because: string): boolean {
  return /already in progress/.test(because);
}

/**
 * talosctl asks every 10 s whether the connection lives, and apid takes that ill after half a minute
 * in which it had nothing to say: a machine before 1.13 that pulls its image for longer. The pull ends
 * with the connection, so nothing was begun.
 *
 * @see siderolabs/talos v1.13.0, cmd/talosctl/pkg/talos/action/tracker.go; grpc-go, too_many_pings
 */
function isBroken(because: string): boolean {
  return /too_many_pings|transport is closing|closing transport/.test(because);
}

async function restartOnce(
  { target, expected, due }: RestartPlan,
  through: Machine,
  context: StepContext,
): Promise<Restarted> {
  const { deadline, talosctl } = context;
  const readiness = readinessTarget(target);
  const args = await due();
  if (args === undefined) {
    return {
      returned: await awaitReturn(readiness, expected, () => ({ kind: "unknown" }), context),
    };
  }
  const bootIdBefore = await readBootId(talosctl, target.machine);
  const seconds = Math.max(1, Math.floor(deadline.remainingSeconds - marginSeconds));
  const words = [...args, "--wait", `--timeout=${seconds}s`, "--progress=plain"];
  const call = RestartCall.begin(target.machine, words, through, context);
  const known = { ...expected, ...(bootIdBefore !== undefined && { bootIdBefore }) };
  try {
    return { returned: await awaitReturn(readiness, known, () => call.state(), context), call };
  } finally {
    call.end();
  }
}
