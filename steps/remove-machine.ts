import { DeadlineExceeded } from "./deadline";
import { drain } from "./drain";
import { isAmong } from "./etcd";
import { StepFailure } from "./failure";
import { KubernetesError, type KubernetesApi } from "./kubernetes-api";
import { lookAtLeaving, mayLeave, type LeavingLook, type Remaining } from "./leaving-machine";
import { lockControllers } from "./lock-controllers";
import { label, type Machine } from "./machine";
import type { MemberMachine } from "./membership-record";
import { observeController } from "./observe";
import { Progress } from "./progress";
import { decideRemoval, type Removal } from "./removal-decision";
import { removeMember } from "./remove-member";
import type { StepContext } from "./step";
import { TalosctlError } from "./talosctl-error";
import { atMost, waitUntilWiped, wipedPartitions, wipeMachine, type Wiped } from "./wipe-machine";

const intervalSeconds = 2;
/** A machine that does not answer for so long is dead, if its kubelet is silent too. */
const deadSeconds = 60;
/** Kubernetes takes most of a minute to see that a kubelet is silent; longer than this, the machine is alive. */
const aliveSeconds = 180;
/** Talos itself tries to leave for five minutes. */
const leaveTimeoutSeconds = 330;

/** How machines are taken out. */
export interface RemovalPlan extends Remaining {
  readonly clusterName: string;
  readonly api: KubernetesApi;
  readonly drainTimeoutSeconds: number;
  /** Step that removes, as it is written on a cordoned Node. */
  readonly step: string;
  /** What else a person can do when the cluster cannot do without the machine. */
  readonly otherwise?: string;
}

/** Takes one machine out of the cluster for good, from wherever an earlier run left it. Returns what became of it. */
export async function removeMachine(
  machine: MemberMachine,
  plan: RemovalPlan,
  context: StepContext,
): Promise<string> {
  await context.lock(machine);
  if (machine.role === "controller") await lockControllers(plan.clusterName, context);
  return removeLocked(machine, plan, context);
}

async function removeLocked(
  machine: MemberMachine,
  plan: RemovalPlan,
  context: StepContext,
): Promise<string> {
  const look = await lookAtLeaving(machine, plan, context);
  const removal = decideRemoval(look.leaving, plan.wanted);
  switch (removal.kind) {
    case "finished":
      return `${label(machine)}: nothing of it is left in the cluster`;
    case "refuse":
      throw cannotRemove(machine, removal);
    case "silent":
      return removeSilent(machine, plan, context);
    case "empty":
      return removeRest(look, plan, "it answers in maintenance mode", context);
    case "wait":
      return finish(machine, plan, await waitUntilWiped(machine, context), context);
    case "reset":
      return resetMachine(look, plan, context);
  }
}

export function cannotRemove(
  machine: Machine,
  { because }: Removal & { readonly kind: "refuse" },
): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: is not removed: ${because}.`,
    left: "every machine; nothing was changed.",
    next: [
      "put that right, or set onRemove: forget and take out by hand what is left of it; then run pulumi up again",
    ],
  });
}

/** Resets a machine that runs and takes out what the cluster keeps of it, once the cluster can do without it. */
export async function resetMachine(
  look: LeavingLook,
  plan: RemovalPlan,
  context: StepContext,
): Promise<string> {
  const { machine, node } = look.leaving;
  await mayLeave(observationOf(machine, plan, true, context), plan, context);
  if (context.dryRun) {
    const leave = look.leaving.member === undefined ? [] : ["leave etcd"];
    const todo = ["drain its Node", ...leave, `wipe ${wipedPartitions.join(" and ")} and reboot`];
    return `${label(machine)}: would ${todo.join(", ")}, and delete its Node`;
  }
  if (node !== undefined) {
    const { step, drainTimeoutSeconds: timeoutSeconds } = plan;
    await drain(plan.api, { machine, node: node.name, step, timeoutSeconds }, context);
    // The drain took its time: what was true of the quorum before it may not be now.
    await mayLeave(observationOf(machine, plan, true, context), plan, context);
  }
  const through = throughOf(look);
  if (look.leaving.member !== undefined) await leaveEtcd(machine, through, context);
  const wiped = await wipeMachine(machine, through, isGraceful(look), context);
  return finish(machine, plan, wiped, context);
}

/**
 * Whether Talos is to drain and leave once more: it finds nothing left to do, and covers what happened since.
 *
 * Not on a controller that is no member: Talos would wait for an etcd that was thrown out, give up, and reboot unwiped.
 *
 * @see siderolabs/talos v1.13.0, v1alpha1_sequencer_tasks.go, LeaveEtcd
 */
function isGraceful({ leaving: { machine, member } }: LeavingLook): boolean {
  return machine.role === "worker" || member !== undefined;
}

/** What is left of a machine that was wiped, after another look at it. */
export async function finish(
  machine: MemberMachine,
  plan: RemovalPlan,
  wiped: Wiped,
  context: StepContext,
): Promise<string> {
  const how =
    wiped === "empty"
      ? "it was wiped and answers in maintenance mode"
      : "it was told to wipe itself and does not answer any more: see that it is off";
  return removeRest(await lookAtLeaving(machine, plan, context), plan, how, context);
}

/** Removes what the cluster keeps of a machine that has no part in it any more. */
async function removeRest(
  look: LeavingLook,
  plan: RemovalPlan,
  how: string,
  context: StepContext,
): Promise<string> {
  const { machine, member, node } = look.leaving;
  const dry = context.dryRun ? "would be " : "";
  if (member !== undefined) {
    await mayLeave(observationOf(machine, plan, false, context), plan, context);
    await removeMember(member, throughOf(look), context);
  }
  if (node !== undefined && !context.dryRun) await deleteNode(node.name, plan);
  if (machine.role === "controller" && !context.dryRun) {
    // Before the next machine is touched all that stay agree on who they are.
    await mayLeave(
      observationOf({ ...machine, role: "worker" }, plan, false, context),
      plan,
      context,
    );
  }
  const done = [
    ...(member === undefined ? [] : [`its etcd member ${dry}removed`]),
    ...(node === undefined ? [] : [`its Node ${node.name} ${dry}deleted`]),
  ];
  return `${label(machine)} ${context.dryRun ? "would be" : "is"} out of the cluster: ${[how, ...done].join(", ")}`;
}

function observationOf(
  machine: MemberMachine,
  plan: RemovalPlan,
  alive: boolean,
  context: StepContext,
) {
  return async () => {
    const { others, own } = await lookAtLeaving(machine, plan, context);
    const { role } = machine;
    return { target: machine, role, alive, others, ...(alive && own !== undefined && { own }) };
  };
}

function throughOf({ through, leaving }: LeavingLook): Machine {
  if (through !== undefined) return through;
  throw new StepFailure({
    what: `${label(leaving.machine)}: is not removed: no controller that stays answers as an etcd member.`,
    left: "every machine; nothing was changed.",
    next: ["mend the controllers, then run pulumi up again"],
  });
}

/** A dead machine: silent for long enough, and its kubelet too. */
async function removeSilent(
  machine: MemberMachine,
  plan: RemovalPlan,
  context: StepContext,
): Promise<string> {
  const { deadline, output } = context;
  const progress = new Progress(output, deadline);
  const since = deadline.elapsedSeconds;
  for (;;) {
    const look = await lookAtLeaving(machine, plan, context);
    // It answers again, or somebody else does: decide anew.
    if (decideRemoval(look.leaving, plan.wanted).kind !== "silent")
      return removeLocked(machine, plan, context);
    const patience = look.leaving.node?.ready === true ? aliveSeconds : deadSeconds;
    if (deadline.elapsedSeconds - since > atMost(patience, deadline.seconds))
      return buryMachine(look, plan, context);
    progress.report(`${label(machine)}: does not answer; waiting whether it comes back`);
    await sleep(machine, context);
  }
}

async function sleep(machine: Machine, { deadline }: StepContext): Promise<void> {
  try {
    await deadline.sleep(intervalSeconds);
  } catch (error) {
    if (!(error instanceof DeadlineExceeded)) throw error;
    throw new StepFailure({
      what: `${label(machine)}: is not removed: the step's time was up while it was waited for.`,
      left: "every machine; nothing was changed.",
      next: ["run pulumi up again, with more time for the step"],
    });
  }
}

async function buryMachine(
  look: LeavingLook,
  plan: RemovalPlan,
  context: StepContext,
): Promise<string> {
  const { machine, node } = look.leaving;
  if (node?.ready === true) {
    throw new StepFailure({
      what: `${label(machine)}: is not removed: it does not answer from here, but its Node ${node.name} is Ready: it is alive.`,
      left: "every machine; nothing was changed.",
      next: [
        `make port 50000 of ${machine.address} reach it from here (route, firewall), or switch it off; then run pulumi up again`,
      ],
    });
  }
  const text = await removeRest(look, plan, "it does not answer", context);
  return `${text}. The machine itself was not wiped: it still has its configuration and would come back. Switch it off or wipe it`;
}

async function leaveEtcd(
  machine: Machine,
  through: Machine,
  { talosctl, output }: StepContext,
): Promise<void> {
  output.phase(`${label(machine)}: leaving etcd`);
  let said = "";
  try {
    await talosctl.run(machine, ["etcd", "leave"], {
      through,
      timeoutSeconds: leaveTimeoutSeconds,
    });
  } catch (error) {
    if (!(error instanceof TalosctlError) || error.kind === "missing") throw error;
    said = ` (its answer: ${error.message})`;
  }
  const { etcd } = await observeController(talosctl, through);
  if (etcd?.kind === "member" && !isAmong(etcd.members, machine)) return;
  throw new StepFailure({
    what: `${label(machine)}: did not leave etcd${said}.`,
    seen: [
      etcd?.kind === "member"
        ? `${label(through)} still lists it`
        : `${label(through)} does not answer for etcd`,
    ],
    left: `${machine.name} with its configuration and data; it is cordoned. No other machine was touched.`,
    next: [
      `see why: talosctl --endpoints ${machine.address} --nodes ${machine.address} service etcd, logs etcd`,
      "then run it again: it goes on from here",
    ],
  });
}

async function deleteNode(name: string, { api }: RemovalPlan): Promise<void> {
  try {
    await api.run(["delete", "node", name, "--ignore-not-found", "--wait=false"]);
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    throw new StepFailure({
      what: `Node ${name}: its machine is out of the cluster, but the Node could not be deleted: ${error.message}`,
      left: "the Node; its machine is gone.",
      next: [`kubectl delete node ${name}, or run it again`],
    });
  }
}
