import { decideSparing, joinReasons, noReasons, type GateReasons } from "./cluster-gate";
import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { KubernetesError, openKubernetes, type KubernetesApi } from "./kubernetes-api";
import { nodeOf, readNodename, readNodes, type KubernetesNode } from "./kubernetes-nodes";
import { label, unionOf, type Machine, type Role } from "./machine";
import { decideNodes } from "./node-gate";
import { observeControllers } from "./observe";
import { Progress } from "./progress";
import { describeController, viewCluster, type ObservedController } from "./quorum";
import type { StepContext } from "./step";

/** A machine that is to be taken out of service for a while, and who it must not be missed by. */
export interface RestartTarget {
  readonly machine: Machine;
  readonly role: Role;
  /** Controllers the step is told of. */
  readonly seeds: readonly Machine[];
  /** Names of machines on hold. */
  readonly held: readonly string[];
}

/** The cluster as the gate found it open. */
export interface OpenCluster {
  /** Controllers in service, the target not among them. */
  readonly controllers: readonly Machine[];
  /** The Kubernetes API and the target's Node; none where there is no Node to be drained. */
  readonly kubernetes?: { readonly api: KubernetesApi; readonly node: KubernetesNode };
}

/** How long a reason that may pass is given: the machine before this one may just have come back. */
const patienceSeconds = 60;
const intervalSeconds = 2;

/** Waits a while until the cluster can spare a machine, and refuses when it cannot. */
export async function passRestartGate(
  target: RestartTarget,
  verb: string,
  context: StepContext,
  time: "first" | "again" = "first",
): Promise<OpenCluster> {
  const { deadline, output } = context;
  const progress = new Progress(output, deadline);
  const until = deadline.elapsedSeconds + patienceSeconds;
  let looked = await look(target, context);
  try {
    while (looked.reasons.lasting.length === 0 && looked.reasons.passing.length > 0) {
      if (deadline.elapsedSeconds > until) break;
      progress.report(
        `${label(target.machine)}: waiting a moment: ${looked.reasons.passing.join("; ")}`,
      );
      await deadline.sleep(intervalSeconds);
      const again = await look(target, context);
      // Questions that the deadline cut short say nothing about the cluster.
      if (deadline.signal.aborted) break;
      looked = again;
    }
  } catch (error) {
    if (!(error instanceof DeadlineExceeded)) throw error;
  }
  const { reasons, found } = looked;
  if (reasons.lasting.length + reasons.passing.length > 0) throw refusal(target, verb, looked);
  if (time === "first")
    reasons.notes.forEach((note) => output.phase(`${label(target.machine)}: ${note}`));
  return found;
}

interface Looked {
  readonly reasons: GateReasons;
  readonly found: OpenCluster;
  readonly controllers: readonly ObservedController[];
}

async function look(target: RestartTarget, context: StepContext): Promise<Looked> {
  const { machine, role, seeds, held } = target;
  const own = role === "controller" ? [machine] : [];
  const controllers = await observeControllers(context.talosctl, unionOf(seeds, own), held);
  const sparing = decideSparing({
    target: machine,
    role,
    controllers,
    planned: unionOf(seeds, own).length,
  });
  const others = controllers
    .filter(
      (controller) => controller.machine.address !== machine.address && isInService(controller),
    )
    .map((controller) => controller.machine);
  const found: OpenCluster = { controllers: others };
  if (viewCluster(controllers).kind !== "live") return { reasons: sparing, found, controllers };
  const kubernetes = await lookAtNodes(target, unionOf(others, own), context);
  return {
    reasons: joinReasons(sparing, kubernetes.reasons),
    found: { ...found, ...kubernetes.found },
    controllers,
  };
}

function isInService({ state, etcd }: ObservedController): boolean {
  return state.kind === "ours" && state.stage === "running" && etcd?.kind === "member";
}

async function lookAtNodes(
  { machine, role, held }: RestartTarget,
  controllers: readonly Machine[],
  context: StepContext,
): Promise<{ reasons: GateReasons; found: Pick<OpenCluster, "kubernetes"> }> {
  try {
    const [api, nodename] = await Promise.all([
      openKubernetes(controllers, context),
      readNodename(context.talosctl, machine),
    ]);
    const nodes = await readNodes(api);
    const node = nodeOf(nodes, machine, nodename);
    const reasons = decideNodes({ target: machine, role, nodename, nodes, held });
    return { reasons, found: node === undefined ? {} : { kubernetes: { api, node } } };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    const problem = `its Node cannot be drained: ${error.message}`;
    const reasons =
      error.kind === "missing"
        ? { ...noReasons, lasting: [problem] }
        : { ...noReasons, passing: [problem] };
    return { reasons, found: {} };
  }
}

function refusal({ machine }: RestartTarget, verb: string, looked: Looked): StepFailure {
  const problems = [...looked.reasons.lasting, ...looked.reasons.passing];
  const reasons =
    problems.length === 1
      ? `: ${problems[0]}`
      : `, for ${problems.length} reasons:\n${problems.map((problem) => ` - ${problem}`).join("\n")}`;
  return new StepFailure({
    what: `${label(machine)}: is not ${verb}${reasons}`,
    seen: looked.controllers.map(describeController),
    left: `${machine.name} and every machine after it; nothing was changed.`,
    next: [
      "mend what is named above (a worker that is gone for longer: hold: true in nodes/<stack>.yaml; a controller: docs/day-2.md says how it is replaced), then run pulumi up again: it goes on from here",
      ...(looked.controllers[0] === undefined
        ? []
        : [
            `look further: talosctl --endpoints ${looked.controllers[0].machine.address} --nodes ${looked.controllers[0].machine.address} etcd members, etcd alarm list, health`,
          ]),
    ],
  });
}
