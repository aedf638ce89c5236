import type { GateReasons } from "./cluster-gate";
import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { decideGate, type GateObservation } from "./gate-decision";
import { membersLeftBehind } from "./gate-replacement";
import { lockControllers } from "./lock-controllers";
import { label, type Machine } from "./machine";
import { readMachineFacts } from "./machine-facts";
import { describeState, readMachineState } from "./machine-state";
import { observeController, observeControllers } from "./observe";
import { Progress } from "./progress";
import { describeController, onHold, viewCluster, type ObservedController } from "./quorum";
import { removeMember } from "./remove-member";
import { defineStep, type StepContext } from "./step";
import type { Talosctl } from "./talosctl";
import { runUserGate } from "./user-gate";
import { optional } from "./variable";
import * as variables from "./variables";

/** How long a reason that may pass is given: a promotion or a service restart, not a machine's boot. */
const patienceSeconds = 10;
const intervalSeconds = 1;

/** Stands before every configuration that is sent to a machine, in every run. */
export const gate = defineStep({
  name: "gate",
  summary: "the machine is the one we think it is, and the cluster can spare it",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    role: variables.role,
    configured: variables.configured,
    incarnation: variables.incarnation,
    renamedFrom: optional(variables.renamedFrom),
    identity: optional(variables.identity),
    previousAddress: optional(variables.previousAddress),
    seeds: variables.seeds,
    talosVersion: variables.talosVersion,
    kubernetesVersion: variables.kubernetesVersion,
    installerImage: optional(variables.installerImage),
    oldestTalosVersion: optional(variables.oldestTalosVersion),
    applyMode: variables.applyMode,
    held: variables.held,
    teardown: variables.teardown,
    gateCommand: optional(variables.gateCommand),
    // The looks take seconds; a person's own check may take minutes.
    deadlineSeconds: variables.deadlineSeconds(420),
  },
  async run({ node, address, talosVersion, kubernetesVersion, gateCommand, ...told }, context) {
    const target = { name: node, address };
    await context.lock(target);
    // A step by hand may have another controller out just now: its end is waited for, not judged half-way.
    if (told.role === "controller") await lockControllers(told.clusterName, context);
    const { installerImage, oldestTalosVersion } = told;
    const wanted = { talosVersion, kubernetesVersion, installerImage, oldestTalosVersion };
    const plan = { ...told, target, wanted };
    const observation = await lookUntilOpen(plan, context);
    const cluster = viewCluster([...observation.others, observation.own]);
    // A cluster that does not live yet has nothing that a person's check could look at.
    if (cluster.kind === "live" && gateCommand !== undefined) {
      const { clusterName, role, seeds, held } = told;
      const controllers = seeds.filter(({ name }) => !held.includes(name));
      const check = { command: gateCommand, machine: target, role, clusterName, controllers };
      await runUserGate(check, context);
    }
    const { own } = await removeLeftBehind(plan, observation, context);
    return `${label(target)} may take its configuration: it is ${describeState(own.state)}`;
  },
});

async function lookUntilOpen(plan: Plan, context: StepContext): Promise<GateObservation> {
  const { observation, decision } = await decidePatiently(plan, context);
  if (decision.lasting.length + decision.passing.length > 0) throw refusal(observation, decision);
  decision.notes.forEach((note) => context.output.phase(note));
  return observation;
}

/** Removes the dead members that a reinstalled controller takes the place of, and looks again. */
async function removeLeftBehind(
  plan: Plan,
  observation: GateObservation,
  context: StepContext,
): Promise<GateObservation> {
  const cluster = viewCluster(observation.others);
  if (plan.role === "worker" || cluster.kind !== "live") return observation;
  const dead = membersLeftBehind(observation, cluster.members);
  if (dead.length === 0) return observation;
  for (const member of dead) await removeMember(member, cluster.askedOf, context);
  return context.dryRun ? observation : lookUntilOpen(plan, context);
}

type Plan = Omit<GateObservation, "own" | "facts" | "others">;

interface Judged {
  readonly observation: GateObservation;
  readonly decision: GateReasons;
}

async function decidePatiently(plan: Plan, context: StepContext): Promise<Judged> {
  const { deadline, talosctl } = context;
  const progress = new Progress(context.output, deadline);
  let judged = judge(await observe(plan, talosctl));
  const until = deadline.elapsedSeconds + patienceSeconds;
  while (judged.decision.lasting.length === 0 && judged.decision.passing.length > 0) {
    if (deadline.elapsedSeconds > until) break;
    progress.report(`waiting a moment: ${judged.decision.passing.join("; ")}`);
    try {
      await deadline.sleep(intervalSeconds);
    } catch (error) {
      if (error instanceof DeadlineExceeded) break;
      throw error;
    }
    judged = judge(await observe(plan, talosctl));
  }
  return judged;
}

function judge(observation: GateObservation): Judged {
  return { observation, decision: decideGate(observation) };
}

async function observe(plan: Plan, talosctl: Talosctl): Promise<GateObservation> {
  const { target, role, seeds, identity, held } = plan;
  // On hold: it is not even asked.
  if (held.includes(target.name)) return { ...plan, own: onHold(target), facts: {}, others: [] };
  const isTarget = ({ address }: Machine) => address === target.address;
  const [own, controllers] = await Promise.all([
    role === "controller" ? observeController(talosctl, target) : readWorker(talosctl, target),
    observeControllers(
      talosctl,
      seeds.filter((machine) => !isTarget(machine)),
      held,
    ),
  ]);
  // A configuration does not change what the image is made of.
  const asked = { identity, image: false };
  const facts = await readMachineFacts(talosctl, target, role, own.state, asked);
  const others = controllers.filter(({ machine }) => !isTarget(machine));
  return { ...plan, own, facts, others };
}

async function readWorker(talosctl: Talosctl, machine: Machine): Promise<ObservedController> {
  return { machine, state: await readMachineState(talosctl, machine) };
}

function refusal(observation: GateObservation, decision: GateReasons): StepFailure {
  const { target, own, others } = observation;
  const problems = [...decision.lasting, ...decision.passing];
  const reasons =
    problems.length === 1
      ? `: ${problems[0]}`
      : `, for ${problems.length} reasons:\n${problems.map((problem) => ` - ${problem}`).join("\n")}`;
  return new StepFailure({
    what: `${label(target)}: its configuration is not sent${reasons}`,
    seen: [own, ...others].map(describeController),
    left: `${target.name} and every machine after it; nothing was changed.`,
    next: ["mend what is named above, then run pulumi up again: it goes on from here"],
  });
}
