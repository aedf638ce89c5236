import { StepFailure } from "./failure";
import { openKubernetes, KubernetesError, type KubernetesApi } from "./kubernetes-api";
import { lookAtLeaving, type LeavingLook } from "./leaving-machine";
import { lockControllers } from "./lock-controllers";
import { label, type Machine } from "./machine";
import { describeState } from "./machine-state";
import { decideRemoval, leavingReasons, type Removal } from "./removal-decision";
import { finish, resetMachine, type RemovalPlan } from "./remove-machine";
import { removeMember } from "./remove-member";
import { defineStep, type StepContext } from "./step";
import { runUserGate } from "./user-gate";
import { optional } from "./variable";
import * as variables from "./variables";
import { waitUntilWiped, wipedPartitions, wipeMachine, type Wiped } from "./wipe-machine";

/** Wipes one machine, by hand: it loses its configuration and its data, and keeps Talos. */
export const reset = defineStep({
  name: "reset",
  summary: "the machine has left the cluster and answers in maintenance mode",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    role: variables.role,
    seeds: variables.seeds,
    incarnation: variables.incarnation,
    graceful: variables.graceful,
    held: variables.held,
    gateCommand: optional(variables.gateCommand),
    drainTimeoutSeconds: variables.drainTimeoutSeconds,
    deadlineSeconds: variables.deadlineSeconds(1800),
  },
  async run({ node, address, role, seeds, graceful, incarnation, ...told }, context) {
    const machine = { name: node, address, role };
    await context.lock(machine);
    if (role === "controller") await lockControllers(told.clusterName, context);
    const controllers = seeds.filter(
      (seed) => seed.address !== address && !told.held.includes(seed.name),
    );
    const api = await kubernetesFor(machine, [...controllers, ...own(machine)], graceful, context);
    const wanted = seeds.filter(({ name }) => name !== node);
    const plan = { ...told, controllers, wanted, step: "reset", api, otherwise };
    const look = await lookAtLeaving(machine, plan, context);
    const removal = decideRemoval(look.leaving, wanted);
    if (removal.kind === "refuse") throw refused(machine, removal.because);
    if (look.leaving.state.kind === "maintenance")
      return `${label(machine)} answers in maintenance mode: there is nothing to wipe. ${nextIncarnation(node, incarnation)}`;
    if (look.leaving.state.kind !== "ours")
      throw refused(machine, describeState(look.leaving.state));
    context.output.phase(
      `${label(machine)}: a reset wipes ${wipedPartitions.join(" and ")}: its configuration, etcd's data, images and logs, and what pods keep on it (local volumes). Talos and other disks stay`,
    );
    const { gateCommand, clusterName } = told;
    if (gateCommand !== undefined && graceful)
      await runUserGate({ command: gateCommand, machine, role, clusterName, controllers }, context);
    const result =
      graceful && api !== undefined
        ? await leaveAndReset(look, { ...plan, api }, removal.kind, context)
        : await forceReset(look, plan, context);
    return context.dryRun ? result : `${result}. ${nextIncarnation(node, incarnation)}`;
  },
});

async function leaveAndReset(
  look: LeavingLook,
  plan: RemovalPlan,
  kind: Removal["kind"],
  context: StepContext,
): Promise<string> {
  const { machine } = look.leaving;
  // An earlier run has told it to: a second request would be refused.
  if (kind === "wait")
    return finish(machine, plan, await waitUntilWiped(machine, context), context);
  return resetMachine(look, plan, context);
}

const otherwise =
  "or, when its data and the cluster do not matter any more: --graceful false wipes it at once";

function own(machine: Machine & { readonly role: string }): Machine[] {
  return machine.role === "controller" ? [machine] : [];
}

/** The stack knows nothing of a reset by hand. */
function nextIncarnation(name: string, incarnation: number): string {
  return (
    `The stack still wants it: set incarnation: ${incarnation + 1} for ${name} in nodes/<stack>.yaml, and pulumi up sets it up again; ` +
    "or take it out there. Until then a run that changes its configuration stops at it: nothing secret is sent to a machine that was configured before and answers in maintenance mode"
  );
}

async function kubernetesFor(
  machine: Machine,
  controllers: readonly Machine[],
  graceful: boolean,
  context: StepContext,
): Promise<KubernetesApi | undefined> {
  try {
    return await openKubernetes(controllers, context);
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    if (!graceful) return undefined;
    throw refused(
      machine,
      `Kubernetes cannot be asked, so its Node cannot be drained: ${error.message}`,
    );
  }
}

function refused(machine: Machine, because: string): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: is not reset: ${because}`,
    left: "every machine; nothing was changed.",
    next: ["mend that, and run it again", otherwise],
  });
}

interface ForcePlan extends Omit<RemovalPlan, "api"> {
  readonly api: KubernetesApi | undefined;
}

/** Wipes at once: no drain, no leave, and no quorum that could stop it; what that means is said before. */
async function forceReset(
  look: LeavingLook,
  plan: ForcePlan,
  context: StepContext,
): Promise<string> {
  const { machine } = look.leaving;
  const { lasting, passing } = leavingReasons({
    target: machine,
    role: machine.role,
    alive: true,
    others: look.others,
    ...(look.own !== undefined && { own: look.own }),
  });
  const ignored = [...lasting, ...passing];
  for (const reason of ignored) {
    context.output.phase(
      `${label(machine)}: reset all the same, since GRACEFUL=false: ${reason}. The Kubernetes API may be away until that is mended, for good if etcd's data was only here`,
    );
  }
  if (context.dryRun)
    return `${label(machine)}: would be wiped without drain, and without leaving etcd`;
  const wiped = await wipeMachine(machine, look.through ?? machine, false, context);
  const left = await clean(machine, plan, ignored.length === 0, context);
  return `${label(machine)} is wiped, without drain: ${describeWiped(wiped)}${left}`;
}

function describeWiped(wiped: Wiped): string {
  return wiped === "empty" ? "it answers in maintenance mode" : "it does not answer any more";
}

/** What the rest of the cluster keeps of it: removed where that is safe, else told. */
async function clean(
  machine: LeavingLook["leaving"]["machine"],
  plan: ForcePlan,
  isSafe: boolean,
  context: StepContext,
): Promise<string> {
  if (plan.controllers.length === 0) return "";
  try {
    const { leaving, through } = await lookAtLeaving(machine, plan, context);
    const { member, node } = leaving;
    if (member !== undefined && through !== undefined && isSafe)
      await removeMember(member, through, context);
    if (node !== undefined && plan.api !== undefined)
      await plan.api.run(["delete", "node", node.name, "--ignore-not-found", "--wait=false"]);
    const stays =
      member === undefined || isSafe
        ? ""
        : `; its etcd member ${member.id} stays: talosctl etcd remove-member ${member.id} takes it out once the others are a quorum`;
    return `${node === undefined ? "" : `, its Node ${node.name} deleted`}${stays}`;
  } catch (error) {
    if (error instanceof KubernetesError) return `; its Node stays: ${error.message}`;
    throw error;
  }
}
