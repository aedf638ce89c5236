import { decideBootstrap, judgeBootstrapError, type BootstrapDecision } from "./bootstrap-decision";
import { DeadlineExceeded, type Deadline } from "./deadline";
import { isMember } from "./etcd";
import { StepFailure } from "./failure";
import { label, unionOf, type Machine } from "./machine";
import { observeController, observeControllers } from "./observe";
import { Progress } from "./progress";
import { readServices } from "./services";
import { defineStep, type StepContext } from "./step";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";
import * as variables from "./variables";

const intervalSeconds = 1;
/** Longest silence of another controller: it is not being installed now, at most restarting. */
const patienceWithOthersSeconds = 60;

/** Makes etcd of the first controller, once in the life of a cluster. */
export const bootstrap = defineStep({
  name: "bootstrap",
  summary: "etcd is bootstrapped, and it was not done twice",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    controllers: variables.controllers,
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run({ node, address, controllers }, context) {
    const machine = { name: node, address };
    await context.lock(machine);
    const live = await decide(machine, unionOf([machine], controllers), context);
    if (live !== undefined) return `the cluster is live already: ${live}`;
    await waitForEtcd(machine, context);
    return `${label(machine)} is bootstrapped: etcd is healthy`;
  },
});

/** Looks until there is a decision, and carries it out. Returns why, if the cluster was live. */
async function decide(
  node: Machine,
  controllers: readonly Machine[],
  { talosctl, deadline, output }: StepContext,
): Promise<string | undefined> {
  const progress = new Progress(output, deadline);
  let decision: BootstrapDecision = {
    action: "wait",
    for: "no controller has answered yet",
    on: "itself",
  };
  let othersSince: number | undefined;
  try {
    for (;;) {
      decision = decideBootstrap(node, await observeControllers(talosctl, controllers));
      if (decision.action === "done") return decision.because;
      if (decision.action === "refuse") throw refusal(node, decision.because);
      if (
        decision.action === "bootstrap" &&
        (await request(node, talosctl, progress, output.phase.bind(output)))
      )
        return undefined;
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
  node: Machine,
  talosctl: Talosctl,
  progress: Progress,
  say: (text: string) => void,
): Promise<boolean> {
  say(`${label(node)}: bootstrapping etcd; no controller holds data`);
  try {
    await talosctl.run(node, ["bootstrap"], { timeoutSeconds: 30 });
    return true;
  } catch (error) {
    if (!(error instanceof TalosctlError)) throw error;
    if (judgeBootstrapError(error.kind) === "unsure") {
      say(
        `${label(node)}: the bootstrap was asked for, and the answer is: ${error.message}; reading what came of it`,
      );
      return true;
    }
    progress.report(`${label(node)}: ${error.message}`);
    return false;
  }
}

async function waitForEtcd(
  node: Machine,
  { talosctl, deadline, output }: StepContext,
): Promise<void> {
  const progress = new Progress(output, deadline);
  let missing = "etcd has not answered yet";
  try {
    for (;;) {
      const problem = await etcdProblem(node, talosctl);
      if (problem === undefined) return;
      missing = problem;
      progress.report(`${label(node)}: bootstrapped, waiting: ${missing}`);
      await deadline.sleep(intervalSeconds);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded) throw notHealthy(node, deadline.seconds, missing);
    throw error;
  }
}

async function etcdProblem(node: Machine, talosctl: Talosctl): Promise<string | undefined> {
  const { state, etcd } = await observeController(talosctl, node);
  if (state.kind !== "ours") return "it does not answer";
  if (etcd?.kind !== "member") return etcd?.kind === "unknown" ? etcd.reason : "etcd is not up yet";
  if (!etcd.members.some((member) => isMember(member, node) && !member.learner))
    return "it is not a voting member yet";
  try {
    const service = (await readServices(talosctl, node)).find(({ id }) => id === "etcd");
    return service?.health === "OK" ? undefined : "etcd runs, its health is not known yet";
  } catch (error) {
    if (error instanceof TalosctlError) return error.message;
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
