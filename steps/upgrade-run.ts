import { StepFailure } from "./failure";
import { label, unionOf, type Machine } from "./machine";
import { readNodename } from "./kubernetes-nodes";
import { awaitReturn } from "./machine-return";
import { shorten } from "./output";
import { readOwnNode } from "./own-node";
import { redact } from "./redaction";
import { restartFailure } from "./restart-failure";
import { restartMachine, takeUpNode } from "./restart-machine";
import { readinessTarget } from "./restart-plan";
import { describeImage, hasLifecycleApi } from "./running-image";
import { holdStable } from "./stability";
import type { StepContext } from "./step";
import { answer } from "./talosctl";
import { summarize } from "./talosctl-error";
import { decideUpgrade, type UpgradeDecision, type UpgradeObservation } from "./upgrade-decision";
import { observeUpgrade, type UpgradePlan } from "./upgrade-observation";

/** Longest an installer image may take from its registry to the machine. */
const pullSeconds = 900;

/** Upgrades a machine, from the gate to the end of its watch. */
export async function upgradeMachine(
  plan: UpgradePlan,
  decision: UpgradeDecision & { readonly kind: "upgrade" | "restart" },
  seen: UpgradeObservation,
  context: StepContext,
): Promise<string> {
  const { machine, wanted, role, seeds, held, clusterName, gateCommand } = plan;
  const { drainTimeoutSeconds, stableSeconds } = plan;
  const changes = decision.changes.join(", ");
  const isInstalled = decision.kind === "restart";
  context.output.phase(
    `${label(machine)}: ${changes}${isInstalled ? "; it is installed already, by a run that did not end: it is only restarted" : ""}`,
  );
  const pulls = !isInstalled && seen.image !== undefined && hasLifecycleApi(seen.image);
  return restartMachine(
    {
      step: "upgrade",
      verb: "upgraded",
      target: { machine, role, seeds, held },
      clusterName,
      ...(gateCommand !== undefined && { gateCommand }),
      drainTimeoutSeconds,
      stableSeconds,
      expected: { wanted, onlyUp: seen.fresh === true },
      would: `${changes}, ${isInstalled ? "installed already" : `from ${wanted.installerImage}`}`,
      wayBack: wayBack(seen),
      ...(pulls && { prepare: () => pullImage(plan, context) }),
      due: () => dueCall(plan, seen, context),
    },
    context,
  );
}

/**
 * Pulls the image while the machine is still at work: a registry that does not answer must not cost
 * a drain. A machine before 1.13 pulls as the first thing of its upgrade.
 */
async function pullImage({ machine, wanted }: UpgradePlan, context: StepContext): Promise<void> {
  const { talosctl, output, deadline } = context;
  const { installerImage: image } = wanted;
  output.phase(`${label(machine)}: pulling ${image}`);
  const seconds = Math.min(pullSeconds, deadline.remainingSeconds);
  const ended = await talosctl.runToEnd(
    machine,
    ["image", "pull", "--namespace", "system", image],
    {
      timeoutSeconds: seconds,
    },
  );
  if (ended.missing) answer(ended);
  if (ended.timedOut)
    throw notPulled(machine, image, `it is still not there after ${Math.round(seconds)} s`);
  // The reference is named three times before the cause: only the cause must not be cut.
  const cause = summarize(ended.stderr).replaceAll(image, "the image");
  if (ended.code !== 0) throw notPulled(machine, image, shorten(redact(cause), 400));
}

function notPulled(machine: Machine, image: string, cause: string): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: is not upgraded: it cannot pull its installer image: ${cause}`,
    seen: [`image ${image}`],
    left: `${machine.name} runs as before, and was not drained. No machine after it was touched.`,
    next: [
      `try it by hand: talosctl --endpoints ${machine.address} --nodes ${machine.address} image pull --namespace system ${image}`,
      "see that the image exists there, and that the machine reaches the registry (registry mirrors, proxy, DNS); then run pulumi up again",
      "to stay where you are, set talosVersion (or the schematic) back and run pulumi up",
    ],
  });
}

/** The call that is due now. A machine that changed since the plan was made is not told again. */
async function dueCall(
  plan: UpgradePlan,
  seen: UpgradeObservation,
  context: StepContext,
): Promise<readonly string[] | undefined> {
  const now = await observeUpgrade(plan, seen.bootingSeconds ?? 0, context);
  const { kind } = decideUpgrade(now);
  if (kind === "upgrade") return upgradeCall(plan, now);
  return kind === "restart" ? ["reboot"] : undefined;
}

function upgradeCall(
  { wanted, role }: UpgradePlan,
  { image, fresh }: UpgradeObservation,
): string[] {
  // Before 1.13 a controller asks etcd before it upgrades; where none was ever bootstrapped, nobody can answer.
  const isOld = image !== undefined && !hasLifecycleApi(image);
  const force = isOld && role === "controller" && fresh === true ? ["--force"] : [];
  // Drained already, by us: talosctl would leave the Node cordoned when its own drain fails.
  return ["upgrade", `--image=${wanted.installerImage}`, "--drain=false", ...force];
}

function wayBack({ image }: UpgradeObservation): string[] {
  if (image === undefined) return [];
  return [
    `to go back: set talosVersion (or the schematic) to what it ran before, ${describeImage(image)}, and run pulumi up`,
  ];
}

/** Sees through what an earlier run began: the machine has its system, but was not well or not uncordoned yet. */
export async function finishUpgrade(
  plan: UpgradePlan,
  because: string,
  context: StepContext,
): Promise<string> {
  const { machine, role, seeds, held, wanted, stableSeconds } = plan;
  const { output, deadline, talosctl } = context;
  const target = readinessTarget({ machine, role, seeds, held });
  if (context.dryRun) return `${label(machine)}: would see an earlier upgrade through: ${because}`;
  output.phase(`${label(machine)}: an earlier run upgraded it: ${because}`);
  const returned = await awaitReturn(target, { wanted }, () => ({ kind: "unknown" }), context);
  if (returned.kind !== "back") {
    throw restartFailure({
      machine,
      verb: "upgraded",
      returned,
      isInstalled: false,
      node: "its Node is as it was found",
      deadlineSeconds: deadline.seconds,
      wayBack: [
        "to go back: set talosVersion (or the schematic) to what it ran before and run pulumi up",
      ],
    });
  }
  const controllers = unionOf(target.seeds, role === "controller" ? [machine] : []);
  const node = await readOwnNode(talosctl, machine);
  const name = node?.name ?? (await readNodename(talosctl, machine));
  const mayBeOurs = node === undefined || node.cordonedBy !== undefined;
  if (name !== undefined && mayBeOurs) await takeUpNode(machine, name, controllers, context);
  await holdStable(target, stableSeconds, context);
  return `${label(machine)} is upgraded: ${returned.summary}`;
}
