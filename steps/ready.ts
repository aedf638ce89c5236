import { DeadlineExceeded, type Deadline } from "./deadline";
import { readDiagnostics } from "./diagnostics";
import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";
import { readTalosVersion } from "./machine-facts";
import { observeReadiness, type ReadinessTarget } from "./observe-readiness";
import { removeOldNode } from "./old-node";
import { Progress } from "./progress";
import { judgeReadiness, type ReadinessObservation } from "./readiness";
import { defineStep, type StepContext } from "./step";
import { optional } from "./variable";
import * as variables from "./variables";
import { talosVersionProblem } from "./version-problems";

/** Between two looks: short against a reboot, long against the cost of the look. */
const intervalSeconds = 1;
/**
 * A reboot that an apply asked for starts within a second. A configuration that waits longer was
 * staged by someone for the next reboot, and is no reason to wait.
 */
const stagedAfterSeconds = 30;

/**
 * The kubelet looks for changed static pods every 20 s, and then restarts them. Longer than this
 * the times that tell are not believed: a clock that was set back must not hold up a cluster.
 */
const outdatedForSeconds = 120;

/** A machine that takes long is asked what Talos itself finds wrong: often the cause of what is waited for. */
const diagnosticsEverySeconds = 20;

/** Waits until a machine does its work again. */
export const ready = defineStep({
  name: "ready",
  summary: "the machine runs, is healthy, and is a member of the cluster",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    role: variables.role,
    seeds: variables.seeds,
    renamedFrom: optional(variables.renamedFrom),
    talosVersion: optional(variables.talosVersion),
    installerImage: optional(variables.installerImage),
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run({ role, seeds, node, address, renamedFrom, ...wanted }, context) {
    const machine = { name: node, address };
    await context.lock(machine);
    const summary = await waitUntilReady({ machine, role, seeds }, context);
    const facts = { talosVersion: await readTalosVersion(context.talosctl, machine) };
    const other = talosVersionProblem(machine, facts, wanted);
    if (other !== undefined) throw wrongVersion(machine, other);
    if (renamedFrom !== undefined) {
      await removeOldNode({ machine, role, seeds, renamedFrom }, context);
    }
    return `${label(machine)} is ready: Talos ${facts.talosVersion ?? "of unknown version"}, ${summary}`;
  },
});

async function waitUntilReady(target: ReadinessTarget, context: StepContext): Promise<string> {
  const { deadline, talosctl, output } = context;
  const progress = new Progress(output, deadline);
  const doubts = new Doubts(deadline);
  let missing: readonly string[] = [];
  let diagnostics: readonly string[] = [];
  let askedAtSeconds = 0;
  try {
    for (;;) {
      const verdict = judgeReadiness(doubts.weigh(await observeReadiness(talosctl, target)));
      if (verdict.ready) return [verdict.summary, ...doubts.notes].join(", ");
      if (deadline.elapsedSeconds - askedAtSeconds > diagnosticsEverySeconds) {
        diagnostics = await readDiagnostics(talosctl, target.machine);
        askedAtSeconds = deadline.elapsedSeconds;
      }
      missing = [...verdict.missing, ...diagnostics];
      progress.report(`${label(target.machine)}: waiting: ${missing.join("; ")}`);
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw notReady(target, deadline.seconds, missing);
    throw error;
  }
}

/** Signs that a machine is about to restart something. Seen for too long they mean something else. */
class Doubts {
  notes: readonly string[] = [];
  private rebootSince: number | undefined;
  private outdatedSince: number | undefined;

  constructor(private readonly deadline: Deadline) {}

  /** The observation without what has been seen for too long to be believed. */
  weigh(seen: ReadinessObservation): ReadinessObservation {
    const now = this.deadline.elapsedSeconds;
    const isOutdated = seen.staticPods?.some(({ outdated }) => outdated) === true;
    this.rebootSince = seen.rebootPending === true ? (this.rebootSince ?? now) : undefined;
    this.outdatedSince = isOutdated ? (this.outdatedSince ?? now) : undefined;
    const staged = now - (this.rebootSince ?? now) > stagedAfterSeconds;
    const disbelieved = now - (this.outdatedSince ?? now) > outdatedForSeconds;
    this.notes = staged ? ["a configuration staged for its next reboot"] : [];
    return {
      ...seen,
      rebootPending: seen.rebootPending === true && !staged,
      staticPods: disbelieved
        ? seen.staticPods?.map((pod) => ({ ...pod, outdated: false }))
        : seen.staticPods,
    };
  }
}

function notReady(
  { machine }: ReadinessTarget,
  seconds: number,
  missing: readonly string[],
): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: did not become ready within ${seconds} s.`,
    seen: missing.length === 0 ? ["no answer yet"] : missing,
    left: `${machine.name} as it is; no machine after it was touched.`,
    next: [
      `talosctl --endpoints ${machine.address} --nodes ${machine.address} dmesg, services, logs kubelet`,
      "once it is well, or mended, run pulumi up again: it goes on from here",
    ],
  });
}

function wrongVersion(machine: Machine, problem: string): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: ${problem}`,
    left: `${machine.name} as it is, running and well; no machine after it was touched.`,
    next: ["run pulumi up again after that: it goes on from here"],
  });
}
