import { StepFailure } from "./failure";
import { KubernetesError, openKubernetes, type KubernetesApi } from "./kubernetes-api";
import { readNodes } from "./kubernetes-nodes";
import { lookAtLeaving, type LeavingLook } from "./leaving-machine";
import { goneMachines, readMembers, recordMembers, type MemberMachine } from "./membership-record";
import { labels, tellForgotten, tellStrangers } from "./membership-report";
import { observeControllers } from "./observe";
import { viewCluster } from "./quorum";
import { decideRemoval } from "./removal-decision";
import { cannotRemove, removeMachine, type RemovalPlan } from "./remove-machine";
import { defineStep, type StepContext } from "./step";
import { optional } from "./variable";
import * as variables from "./variables";

/**
 * Takes machines out of the cluster that the stack no longer names.
 *
 * What is gone is what this step printed when it last ended well, minus what is wanted now. A machine it never
 * knew is never touched: it may be of another stack.
 */
export const membership = defineStep({
  name: "membership",
  summary: "machines that are no longer wanted are out of the cluster, or named",
  variables: {
    clusterName: variables.clusterName,
    controllers: variables.controllers,
    workers: variables.workers,
    renames: variables.renames,
    incarnations: variables.incarnations,
    onRemove: variables.onRemove,
    held: variables.held,
    teardown: variables.teardown,
    drainTimeoutSeconds: variables.drainTimeoutSeconds,
    previousOutput: optional(variables.previousOutput),
    deadlineSeconds: variables.deadlineSeconds(3600),
  },
  async run(
    { controllers, workers, renames, onRemove, teardown, previousOutput, ...told },
    context,
  ) {
    const wanted = [...named(controllers, "controller"), ...named(workers, "worker")];
    // First of all, since what comes after it may be cut.
    recordMembers(wanted).forEach((line) => context.output.phase(line));
    const previous = previousOutput === undefined ? undefined : readMembers(previousOutput);
    const asked = controllers.filter(({ name }) => !told.held.includes(name));
    if (previous === undefined || previous === "unknown") {
      await reportStrangers(wanted, asked, previous === "unknown", context);
      return `${count(wanted)}; none is removed`;
    }
    const gone = goneMachines(previous, wanted, renames);
    if (gone.length === 0) return `${count(wanted)}, and none was taken away`;
    if (teardown) throw tearingDown(gone);
    const plan = { ...told, controllers: asked, wanted, step: "membership" };
    const api = await openKubernetesOrNot(asked, context);
    if (onRemove === "forget") {
      await reportForgotten(gone, { ...plan, api }, context);
      return `${labels(gone)}: no longer in the stack; nothing was done to ${gone.length === 1 ? "it" : "them"} (onRemove: forget)`;
    }
    return removeAll(gone, { ...plan, api: orFail(api, gone) }, context);
  },
});

type MaybeApi = KubernetesApi | KubernetesError;

function named(machines: readonly Omit<MemberMachine, "role">[], role: MemberMachine["role"]) {
  return machines.map((machine) => ({ ...machine, role }));
}

function count(machines: readonly MemberMachine[]): string {
  return machines.length === 1 ? "1 machine is wanted" : `${machines.length} machines are wanted`;
}

async function openKubernetesOrNot(
  controllers: readonly Omit<MemberMachine, "role">[],
  context: StepContext,
): Promise<MaybeApi> {
  try {
    return await openKubernetes(controllers, context);
  } catch (error) {
    if (error instanceof KubernetesError) return error;
    throw error;
  }
}

function orFail(api: MaybeApi, gone: readonly MemberMachine[]): KubernetesApi {
  if (!(api instanceof KubernetesError)) return api;
  throw new StepFailure({
    what: `${labels(gone)}: not removed: Kubernetes cannot be asked, so no Node can be drained or deleted: ${api.message}`,
    left: "every machine; nothing was changed.",
    next: ["mend that, then run pulumi up again"],
  });
}

/** Nobody remembers who was a member, so nothing is removed, and what looks left behind is named. */
async function reportStrangers(
  wanted: readonly MemberMachine[],
  asked: readonly Omit<MemberMachine, "role">[],
  isUnknown: boolean,
  context: StepContext,
): Promise<void> {
  if (isUnknown)
    context.output.phase(
      "what this step printed the last time cannot be read, so nothing is removed in this run",
    );
  const cluster = viewCluster(await observeControllers(context.talosctl, asked.slice(0, 3)));
  if (cluster.kind !== "live") return;
  const api = await openKubernetesOrNot(asked, context);
  const nodes = api instanceof KubernetesError ? [] : await readNodesOrNone(api);
  tellStrangers(cluster.members, nodes, wanted, cluster.askedOf).forEach((line) =>
    context.output.phase(line),
  );
}

async function readNodesOrNone(api: KubernetesApi) {
  try {
    return await readNodes(api);
  } catch (error) {
    if (error instanceof KubernetesError) return [];
    throw error;
  }
}

interface ForgetPlan extends Omit<RemovalPlan, "api"> {
  readonly api: MaybeApi;
}

/** Says of each machine what it still is: forgetting it in the stack takes it out of nothing. */
async function reportForgotten(
  gone: readonly MemberMachine[],
  plan: ForgetPlan,
  context: StepContext,
): Promise<void> {
  for (const machine of gone) {
    const { api } = plan;
    const look = await lookAtLeaving(
      machine,
      { ...plan, ...(api instanceof KubernetesError ? { api: undefined } : { api }) },
      context,
    );
    const through = look.through ?? plan.controllers[0] ?? machine;
    context.output.phase(tellForgotten(look.leaving, through));
  }
}

/** One machine after the other, workers first; nothing at all when one of them cannot be removed. */
async function removeAll(
  gone: readonly MemberMachine[],
  plan: RemovalPlan,
  context: StepContext,
): Promise<string> {
  const looks: LeavingLook[] = [];
  for (const machine of gone) looks.push(await lookAtLeaving(machine, plan, context));
  const unfinished = looks.filter(({ leaving }) => {
    const removal = decideRemoval(leaving, plan.wanted);
    if (removal.kind === "refuse") throw cannotRemove(leaving.machine, removal);
    return removal.kind !== "finished";
  });
  const leaving = unfinished.map((look) => look.leaving.machine);
  const [workers, controllers] = (["worker", "controller"] as const).map((role) =>
    leaving.filter((machine) => machine.role === role),
  ) as [MemberMachine[], MemberMachine[]];
  if (controllers.length > 1) throw tooMany(controllers);
  const done: string[] = [];
  for (const machine of [...workers, ...controllers]) {
    const result = await removeMachine(machine, plan, context);
    context.output.phase(result);
    done.push(machine.name);
  }
  const finished = gone.filter(({ name }) => !done.includes(name)).map(({ name }) => name);
  const before = finished.length === 0 ? "" : `; ${finished.join(", ")} was out already`;
  return context.dryRun
    ? `${labels(leaving)} would be removed, one after the other`
    : `removed: ${done.join(", ") || "none"}${before}`;
}

function tooMany(controllers: readonly MemberMachine[]): StepFailure {
  return new StepFailure({
    what: `${labels(controllers)}: not removed: one controller leaves in a run, not ${controllers.length}: etcd must be whole again in between.`,
    left: "every machine; nothing was changed.",
    next: [
      `put all but one of them back into nodes/<stack>.yaml and run pulumi up, then take out the next one`,
    ],
  });
}

function tearingDown(gone: readonly MemberMachine[]): StepFailure {
  return new StepFailure({
    what: `${labels(gone)}: not removed: teardown is on, so deleting ${gone.length === 1 ? "it" : "them"} from the stack would reset machines side by side, without a look at the quorum.`,
    left: "every machine; nothing was changed.",
    next: [
      "to take machines out of a cluster that stays: put them back into nodes/<stack>.yaml, set teardown: false, run pulumi up, then remove them",
      "to take down the whole cluster: put them back, run pulumi up, then pulumi destroy",
    ],
  });
}
