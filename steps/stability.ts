import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { label } from "./machine";
import { observeReadiness, type ReadinessTarget } from "./observe-readiness";
import { Progress } from "./progress";
import { judgeReadiness } from "./readiness";
import type { StepContext } from "./step";

const intervalSeconds = 2;

/**
 * Waits until a machine was well for a while, without a break; every look that finds it unwell starts
 * the time anew. Ends at the step's deadline, with what was last seen unwell.
 */
export async function holdStable(
  target: ReadinessTarget,
  seconds: number,
  context: StepContext,
): Promise<void> {
  if (seconds === 0) return;
  const { deadline, talosctl, output } = context;
  const { machine } = target;
  output.phase(`${label(machine)}: well; watching it for ${seconds} s`);
  const progress = new Progress(output, deadline);
  let wellSince = deadline.elapsedSeconds;
  let missing: readonly string[] = [];
  try {
    while (deadline.elapsedSeconds - wellSince < seconds) {
      const left = seconds - (deadline.elapsedSeconds - wellSince);
      await deadline.sleep(Math.max(0.1, Math.min(intervalSeconds, left)));
      const seen = await observeReadiness(talosctl, target);
      // A question that the deadline cut short says nothing about the machine.
      if (deadline.signal.aborted) throw new DeadlineExceeded();
      // A configuration that somebody staged waits for a later reboot: the machine is no less well.
      const verdict = judgeReadiness({ ...seen, rebootPending: false });
      if (verdict.ready) continue;
      missing = verdict.missing;
      progress.report(`${label(machine)}: not well any more: ${missing.join("; ")}`);
      wellSince = deadline.elapsedSeconds;
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw unstable(target, seconds, missing);
    throw error;
  }
}

function unstable(
  { machine }: ReadinessTarget,
  seconds: number,
  missing: readonly string[],
): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: came up, but was not well for ${seconds} s on end.`,
    seen: missing.length === 0 ? ["the step's deadline came first"] : missing,
    left: `${machine.name} as it is; no machine after it was touched.`,
    next: [
      `talosctl --endpoints ${machine.address} --nodes ${machine.address} dmesg, services, logs kubelet`,
      "once it is well, run pulumi up again: it goes on from here",
    ],
  });
}
