import { DeadlineExceeded, type Deadline } from "./deadline";
import { readDiagnostics } from "./diagnostics";
import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";
import { readTalosVersion } from "./machine-facts";
import { observeReadiness, type ReadinessTarget } from "./observe-readiness";
import { removeOldNode } from "./old-node";
import { Progress } from "./progress";
import { judgeReadiness, type ReadinessObservation } from "./readiness";
import { holdStable } from "./stability";
import { defineStep, type StepContext } from "./step";
import { optional, type ApplyMode } from "./variable";
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
    held: variables.held,
    applyMode: variables.applyMode,
    stableSeconds: variables.stableSeconds,
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run(
    { role, node, address, renamedFrom, held, applyMode, stableSeconds, ...told },
    context,
  ) {
    const machine = { name: node, address };
    if (held.includes(node)) return `${label(machine)} is on hold: it is not asked`;
    await context.lock(machine);
    const { seeds: given, ...wanted } = told;
    const seeds = given.filter(({ name }) => !held.includes(name));
    const target = { machine, role, seeds };
    const { summary, restarted } = await waitUntilReady(target, applyMode, context);
    if (restarted) await holdStable(target, stableSeconds, context);
    const facts = { talosVersion: await readTalosVersion(context.talosctl, machine) };
    const other = talosVersionProblem(machine, facts, wanted);
    if (other !== undefined) throw wrongVersion(machine, other);
    if (renamedFrom !== undefined) {
      await removeOldNode({ machine, role, seeds, renamedFrom }, context);
    }
    return `${label(machine)} is ready: Talos ${facts.talosVersion ?? "of unknown version"}, ${summary}`;
  },
});

/** A machine that is ready, and whether it restarted on the way there. */
interface Readiness {
  readonly summary: string;
  readonly restarted: boolean;
}

async function waitUntilReady(
  target: ReadinessTarget,
  applyMode: ApplyMode,
  context: StepContext,
): Promise<Readiness> {
  const { deadline, talosctl, output } = context;
  const progress = new Progress(output, deadline);
  const doubts = new Doubts(deadline, target.machine, applyMode);
  let restarted: boolean | undefined;
  let missing: readonly string[] = [];
  let diagnostics: readonly string[] = [];
  let askedAtSeconds = 0;
  try {
    for (;;) {
      const seen = doubts.weigh(await observeReadiness(talosctl, target));
      restarted = restarts(seen, restarted);
      const verdict = judgeReadiness(seen);
      if (verdict.ready)
        return { summary: [verdict.summary, ...doubts.notes].join("; "), restarted };
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

/**
 * Whether the configuration needs a reboot: it waits for one, or the first look finds the machine away.
 *
 * A machine that is set up for the first time is found in another stage, and holds nobody up.
 */
function restarts(
  { state, rebootPending }: ReadinessObservation,
  before: boolean | undefined,
): boolean {
  if (before !== undefined) return before || rebootPending === true;
  if (state.kind === "unreachable") return true;
  return rebootPending === true || (state.kind === "ours" && state.stage === "rebooting");
}

/** Signs that a machine is about to restart something. Seen for too long they mean something else. */
class Doubts {
  notes: readonly string[] = [];
  private rebootSince: number | undefined;
  private outdatedSince: number | undefined;

  constructor(
    private readonly deadline: Deadline,
    private readonly machine: Machine,
    private readonly applyMode: ApplyMode,
  ) {}

  /** The observation without what has been seen for too long to be believed. */
  weigh(seen: ReadinessObservation): ReadinessObservation {
    const now = this.deadline.elapsedSeconds;
    const isOutdated = seen.staticPods?.some(({ outdated }) => outdated) === true;
    this.rebootSince = seen.rebootPending === true ? (this.rebootSince ?? now) : undefined;
    this.outdatedSince = isOutdated ? (this.outdatedSince ?? now) : undefined;
    const isStaged = this.applyMode === "staged" && seen.rebootPending === true;
    const staged = isStaged || now - (this.rebootSince ?? now) > stagedAfterSeconds;
    const disbelieved = now - (this.outdatedSince ?? now) > outdatedForSeconds;
    this.notes = staged
      ? [
          `a configuration is staged: it waits for a reboot (talos-cluster reboot ${this.machine.name})`,
        ]
      : [];
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
