import { decideBootstrap, judgeBootstrapError, type BootstrapDecision } from "./bootstrap-decision";
import { DeadlineExceeded, type Deadline } from "./deadline";
import { isMember } from "./etcd";
import { StepFailure } from "./failure";
import { label, unionOf, type Machine } from "./machine";
import { observeController, observeControllers } from "./observe";
import { Progress } from "./progress";
import { secondCluster, type EarlierBootstrap } from "./second-cluster";
import { readServices } from "./services";
import { snapshotFileProblem } from "./snapshot-file";
import { defineStep, type StepContext } from "./step";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";
import { optional } from "./variable";
import * as variables from "./variables";

const intervalSeconds = 1;
/** Longest silence of another controller: it is not being installed now, at most restarting. */
const patienceWithOthersSeconds = 60;

/** Longest upload of a snapshot, the start of etcd included. */
const recoverTimeoutSeconds = 300;

/** Makes etcd of the first controller, once in the life of a cluster, or from a snapshot of a lost one. */
export const bootstrap = defineStep({
  name: "bootstrap",
  summary: "etcd is bootstrapped, and it was not done twice",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    controllers: variables.controllers,
    recoverFrom: optional(variables.recoverFrom),
    incarnation: variables.incarnation,
    previousOutput: optional(variables.previousOutput),
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run({ node, address, controllers, recoverFrom, ...told }, context) {
    const machine = { name: node, address };
    await context.lock(machine);
    const goal = { ...told, node: machine, recoverFrom };
    const outcome = await decide(goal, unionOf([machine], controllers), context);
    if (outcome.kind === "live") return liveText(outcome.because, recoverFrom);
    const how = recoverFrom === undefined ? "bootstrapped" : `recovered from ${recoverFrom}`;
    if (outcome.kind === "dry-run") return `${label(machine)} would be ${how}`;
    const members = await waitForEtcd(machine, context);
    return `${label(machine)} is ${how}: etcd is healthy${recoverFrom === undefined ? "" : `, with ${members}`}`;
  },
});

function liveText(because: string, recoverFrom: string | undefined): string {
  const ignored =
    recoverFrom === undefined
      ? ""
      : `; ${recoverFrom} is not used: only a cluster without any data is recovered. Take recoverFrom out of the stack's config`;
  return `the cluster is live already: ${because}${ignored}`;
}

/** The machine that is bootstrapped, and what from. */
type Goal = EarlierBootstrap;

type Outcome =
  | { readonly kind: "live"; readonly because: string }
  | { readonly kind: "asked" }
  | { readonly kind: "dry-run" };

/** Looks until there is a decision, and carries it out. */
async function decide(
  goal: Goal,
  controllers: readonly Machine[],
  context: StepContext,
): Promise<Outcome> {
  const { node } = goal;
  const { talosctl, deadline, output, dryRun } = context;
  const progress = new Progress(output, deadline);
  let decision: BootstrapDecision = {
    action: "wait",
    for: "no controller has answered yet",
    on: "itself",
  };
  let othersSince: number | undefined;
  let checked = false;
  try {
    for (;;) {
      decision = decideBootstrap(node, await observeControllers(talosctl, controllers));
      if (decision.action === "done") return { kind: "live", because: decision.because };
      if (decision.action === "refuse") throw refusal(node, decision.because);
      if (!checked) await checkSnapshot(goal);
      checked = true;
      if (decision.action === "bootstrap") {
        const second = secondCluster(goal);
        if (second !== undefined) throw second;
        if (dryRun) return { kind: "dry-run" };
        if (await request(goal, progress, context)) return { kind: "asked" };
      }
      if (decision.action === "wait") {
        othersSince = waitedSince(decision, othersSince, deadline);
        if (deadline.elapsedSeconds - othersSince > patienceWithOthersSeconds)
          throw refusal(node, decision.for);
        progress.report(`waiting before the bootstrap: ${decision.for}`);
      }
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw late(node, deadline.seconds, decision);
    throw error;
  }
}

/** Since when the others keep us waiting; waiting for the node itself, which installs, has no limit of its own. */
function waitedSince(
  decision: BootstrapDecision & { readonly action: "wait" },
  since: number | undefined,
  deadline: Deadline,
): number {
  return decision.on === "others" && since !== undefined ? since : deadline.elapsedSeconds;
}

/**
 * Asks for the bootstrap; false when the machine plainly refused because it is not ready for it.
 *
 * After any other end it is never asked again: a second request while the first still starts etcd
 * stops that etcd for good (seen on Talos v1.13.0), and one that timed out may have been taken.
 */
async function request(
  { node, recoverFrom }: Goal,
  progress: Progress,
  { talosctl, output }: StepContext,
): Promise<boolean> {
  const from = recoverFrom === undefined ? "" : ` from the snapshot ${recoverFrom}`;
  output.phase(`${label(node)}: bootstrapping etcd${from}; no controller holds data`);
  const [flags, timeoutSeconds] =
    recoverFrom === undefined
      ? [[], 30]
      : [[`--recover-from=${recoverFrom}`], recoverTimeoutSeconds];
  try {
    await talosctl.run(node, ["bootstrap", ...flags], { timeoutSeconds });
    return true;
  } catch (error) {
    if (!(error instanceof TalosctlError)) throw error;
    if (judgeBootstrapError(error.kind) === "unsure") {
      output.phase(
        `${label(node)}: the bootstrap was asked for, and the answer is: ${error.message}; reading what came of it`,
      );
      return true;
    }
    progress.report(`${label(node)}: ${error.message}`);
    return false;
  }
}

/** Read before anything is asked for: a machine would find out only when its etcd does not start. */
async function checkSnapshot({ node, recoverFrom }: Goal): Promise<void> {
  if (recoverFrom === undefined) return;
  const problem = await snapshotFileProblem(recoverFrom);
  if (problem === undefined) return;
  throw new StepFailure({
    what: `${label(node)}: is not recovered from ${recoverFrom}: ${problem}`,
    left: "every controller; no bootstrap was asked for.",
    next: [
      "set bootstrap.recoverFrom to another snapshot, and run pulumi up again",
      `to recover from a copied database all the same, by hand: talosctl --endpoints ${node.address} --nodes ${node.address} bootstrap --recover-from=<file> --recover-skip-hash-check; the next pulumi up finds the live cluster`,
    ],
  });
}

/** Waits until etcd is healthy; returns how many members it has. */
async function waitForEtcd(
  node: Machine,
  { talosctl, deadline, output }: StepContext,
): Promise<string> {
  const progress = new Progress(output, deadline);
  let missing = "etcd has not answered yet";
  try {
    for (;;) {
      const found = await etcdFound(node, talosctl);
      if ("members" in found) return found.members === 1 ? "1 member" : `${found.members} members`;
      missing = found.missing;
      progress.report(`${label(node)}: bootstrapped, waiting: ${missing}`);
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw notHealthy(node, deadline.seconds, missing);
    throw error;
  }
}

type EtcdFound = { readonly members: number } | { readonly missing: string };

async function etcdFound(node: Machine, talosctl: Talosctl): Promise<EtcdFound> {
  const { state, etcd } = await observeController(talosctl, node);
  if (state.kind !== "ours") return { missing: "it does not answer" };
  if (etcd?.kind !== "member")
    return { missing: etcd?.kind === "unknown" ? etcd.reason : "etcd is not up yet" };
  if (!etcd.members.some((member) => isMember(member, node) && !member.learner))
    return { missing: "it is not a voting member yet" };
  try {
    const service = (await readServices(talosctl, node)).find(({ id }) => id === "etcd");
    if (service?.health === "OK") return { members: etcd.members.length };
    return { missing: "etcd runs, its health is not known yet" };
  } catch (error) {
    if (error instanceof TalosctlError) return { missing: error.message };
    throw error;
  }
}

function refusal(node: Machine, because: string): StepFailure {
  return new StepFailure({
    what: `${label(node)}: is not bootstrapped, because a controller that may hold the cluster's data cannot be ruled out.`,
    seen: [because],
    left: "every controller; no bootstrap was asked for.",
    next: [
      "bring that controller back (or, if it is gone for good, take it out of the nodes file), then run pulumi up again",
    ],
  });
}

function late(node: Machine, seconds: number, decision: BootstrapDecision): StepFailure {
  return new StepFailure({
    what: `${label(node)}: could not be bootstrapped within ${seconds} s.`,
    seen: [
      decision.action === "wait"
        ? decision.for
        : "it refused the bootstrap: it was not ready for it yet",
    ],
    left: "every controller; no bootstrap was taken.",
    next: [
      `see what the machine does: talosctl --endpoints ${node.address} --nodes ${node.address} dmesg`,
      "then run pulumi up again",
    ],
  });
}

function notHealthy(node: Machine, seconds: number, missing: string): StepFailure {
  return new StepFailure({
    what: `${label(node)}: was bootstrapped, but etcd is not healthy within ${seconds} s.`,
    seen: [missing],
    left: "etcd as it is; the bootstrap is not asked for again.",
    next: [
      `see why: talosctl --endpoints ${node.address} --nodes ${node.address} service etcd, logs etcd`,
      "then run pulumi up again: a live cluster is found and left alone",
    ],
  });
}
