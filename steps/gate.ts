import { DeadlineExceeded } from "./deadline";
import { StepFailure } from "./failure";
import { decideGate, type GateDecision, type GateObservation } from "./gate-decision";
import { label, type Machine } from "./machine";
import { readMachineFacts } from "./machine-facts";
import { describeState, readMachineState } from "./machine-state";
import { observeController, observeControllers } from "./observe";
import { Progress } from "./progress";
import { describeController, type ObservedController } from "./quorum";
import { defineStep, type StepContext } from "./step";
import type { Talosctl } from "./talosctl";
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
    deadlineSeconds: variables.deadlineSeconds(120),
  },
  async run({ node, address, talosVersion, kubernetesVersion, ...told }, context) {
    const target = { name: node, address };
    await context.lock(target);
    const { installerImage, oldestTalosVersion } = told;
    const wanted = { talosVersion, kubernetesVersion, installerImage, oldestTalosVersion };
    const plan = { ...told, target, wanted };
    const { observation, decision } = await decidePatiently(plan, context);
    if (decision.lasting.length + decision.passing.length > 0) throw refusal(observation, decision);
    decision.notes.forEach((note) => context.output.phase(note));
    return `${label(target)} may take its configuration: it is ${describeState(observation.own.state)}`;
  },
});

type Plan = Omit<GateObservation, "own" | "facts" | "others">;

interface Judged {
  readonly observation: GateObservation;
  readonly decision: GateDecision;
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
  const { target, role, seeds, identity } = plan;
  const isTarget = ({ address }: Machine) => address === target.address;
  const [own, controllers] = await Promise.all([
    role === "controller" ? observeController(talosctl, target) : readWorker(talosctl, target),
    observeControllers(
      talosctl,
      seeds.filter((machine) => !isTarget(machine)),
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

function refusal(observation: GateObservation, decision: GateDecision): StepFailure {
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
