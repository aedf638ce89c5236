import { cordon } from "./cordon";
import { DeadlineExceeded } from "./deadline";
import { drain } from "./drain";
import { StepFailure } from "./failure";
import { KubernetesError } from "./kubernetes-api";
import { lockControllers } from "./lock-controllers";
import { label, unionOf, type Machine } from "./machine";
import type { Returned } from "./machine-return";
import { restartFailure } from "./restart-failure";
import { passRestartGate, type OpenCluster } from "./restart-gate";
import { readinessTarget, type RestartPlan } from "./restart-plan";
import { holdStable } from "./stability";
import type { StepContext } from "./step";
import { tellToRestart } from "./tell-to-restart";
import { uncordonPatiently } from "./uncordon";
import { runUserGate } from "./user-gate";

/**
 * Restarts a machine in the one order that is safe: gate, drain, restart, verify, uncordon, watch.
 * Returns what it is like afterwards.
 */
export async function restartMachine(plan: RestartPlan, context: StepContext): Promise<string> {
  const { target, verb } = plan;
  const { machine, role } = target;
  if (role === "controller") await lockControllers(plan.clusterName, context);
  const cluster = await passRestartGate(target, verb, context);
  const controllers = unionOf(cluster.controllers, role === "controller" ? [machine] : []);
  if (plan.gateCommand !== undefined) {
    const { clusterName, gateCommand: command } = plan;
    await runUserGate({ command, machine, role, clusterName, controllers }, context);
  }
  if (context.dryRun) return `${label(machine)}: would ${wouldText(plan, cluster)}`;
  await plan.prepare?.();
  await leaveNode(plan, cluster, context);
  const node = cluster.kubernetes?.node.name;
  const { controllers: others } = await passGateAgain(plan, node, controllers, context);
  const { returned, call } = await tellToRestart(plan, others[0] ?? machine, context);
  if (returned.kind !== "back") {
    throw restartFailure({
      machine,
      verb,
      returned,
      complaint: call?.complaint,
      isInstalled: call?.isInstalled ?? false,
      node: await giveUpNode(node, controllers, returned, context),
      deadlineSeconds: context.deadline.seconds,
      wayBack: plan.wayBack,
    });
  }
  if (node !== undefined) await takeUpNode(machine, node, controllers, context);
  if (plan.expected.onlyUp !== true)
    await holdStable(readinessTarget(target), plan.stableSeconds, context);
  return `${label(machine)} is ${verb}: ${returned.summary}`;
}

function wouldText({ would, step }: RestartPlan, { kubernetes, controllers }: OpenCluster): string {
  const node = kubernetes === undefined ? "" : `drain its Node ${kubernetes.node.name} and `;
  const through = controllers[0] === undefined ? "" : ` through ${label(controllers[0])}`;
  return `${node}${step} it${through}: ${would}`;
}

/** Moves the pods away. Those of a Node that is not Ready cannot be: nothing there would end them. */
async function leaveNode(
  { target, step, drainTimeoutSeconds }: RestartPlan,
  { kubernetes }: OpenCluster,
  context: StepContext,
): Promise<void> {
  const { machine } = target;
  if (kubernetes === undefined) {
    context.output.phase(`${label(machine)}: it has no Node that could be drained`);
    return;
  }
  const { api, node } = kubernetes;
  try {
    if (node.ready) {
      const drained = { machine, node: node.name, step, timeoutSeconds: drainTimeoutSeconds };
      await drain(api, drained, context);
      return;
    }
    await cordon(api, node.name, `${machine.name}, ${step}, ${new Date().toISOString()}`);
    context.output.phase(
      `${label(machine)}: Node ${node.name} is not Ready: it is cordoned, and its pods are left where they are`,
    );
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    throw notDrained(machine, node.name, error);
  }
}

function notDrained(machine: Machine, node: string, error: KubernetesError): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: its Node ${node} could not be drained, so the machine was not touched: ${error.message}`,
    left: `${machine.name} runs as before; should its Node be cordoned, the next run takes that back. No machine after it was touched.`,
    next: [
      `see how it is: kubectl get node ${node}`,
      "mend that, then run pulumi up again: it goes on from here",
    ],
  });
}

/** A pull and a drain take their time: the cluster may not be as it was any more. */
async function passGateAgain(
  { target, verb }: RestartPlan,
  node: string | undefined,
  controllers: readonly Machine[],
  context: StepContext,
): Promise<OpenCluster> {
  try {
    return await passRestartGate(target, verb, context, "again");
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const left = await takeBack(node, controllers, context);
    throw new StepFailure({ ...error.report, left: `${error.report.left} ${left}.` });
  }
}

/** The Node of a machine that did not come back well: it gets its pods again only when it is up. */
async function giveUpNode(
  node: string | undefined,
  controllers: readonly Machine[],
  returned: Returned,
  context: StepContext,
): Promise<string> {
  const isUp =
    returned.kind === "not-restarted" || (returned.kind === "fell-back" && returned.isUp);
  if (node === undefined || isUp) return takeBack(node, controllers, context);
  return `its Node ${node} stays cordoned until a run finds it well`;
}

/** Uncordons after a failure, which must not be hidden by another one. */
async function takeBack(
  node: string | undefined,
  controllers: readonly Machine[],
  context: StepContext,
): Promise<string> {
  if (node === undefined) return "it has no Node";
  try {
    return (await uncordonPatiently(node, controllers, context))
      ? `its Node ${node} is uncordoned again`
      : `its Node ${node} is as somebody else had left it`;
  } catch (error) {
    if (!(error instanceof KubernetesError) && !(error instanceof DeadlineExceeded)) throw error;
    return `its Node ${node} is still cordoned; the next run takes that back`;
  }
}

/** Lets pods come to a machine again, as far as it was us who kept them away. */
export async function takeUpNode(
  machine: Machine,
  node: string,
  controllers: readonly Machine[],
  context: StepContext,
): Promise<void> {
  try {
    const isOurs = await uncordonPatiently(node, controllers, context);
    const how = isOurs ? "is uncordoned" : "is left as it is: no step of ours has cordoned it";
    context.output.phase(`${label(machine)}: Node ${node} ${how}`);
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    throw new StepFailure({
      what: `${label(machine)}: is well, but its Node ${node} could not be uncordoned: ${error.message}`,
      left: `${machine.name} runs; its Node is cordoned, and the next run takes that back. No machine after it was touched.`,
      next: [
        "make the Kubernetes API answer, then run pulumi up again: it goes on from here",
        `by hand: kubectl uncordon ${node}; kubectl annotate node ${node} talos-cluster.dev/cordoned-`,
      ],
    });
  }
}
