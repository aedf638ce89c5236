import * as pulumi from "@pulumi/pulumi";
import type * as talos from "@pulumiverse/talos";
import type { ClusterSpec } from "../model/cluster-spec";
import { planTimeoutSeconds } from "../model/defaults";
import type { Plan } from "../model/plan";
import { planText } from "../model/plan-text";
import { stepCommandLine } from "../steps/command-line";
import { knownValue } from "./known";
import { lateError } from "./late-error";
import type { RedactionSecrets, ShownMachine } from "./machine-outputs";
import type { ConfigChange } from "./node-hooks";
import { runCommandLine } from "./run-command-line";

type Client = talos.types.output.machine.ClientConfiguration;

/** What a plan is made from. */
export interface PreviewPlanArgs {
  readonly spec: ClusterSpec;
  readonly machines: readonly PreviewMachine[];
  readonly client: pulumi.Output<Client>;
  /** The client that is in use while a new one is yet to be made; throws when it is of no use any more. */
  readonly replacedClient: () => Client | undefined;
  readonly redaction: RedactionSecrets;
  /** Client certificates by name, base64 of PEM. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
}

/** One machine of the cluster, and how to ask what becomes of its config. */
export interface PreviewMachine extends ShownMachine {
  readonly changeOf: () => ConfigChange;
}

/**
 * Reads the machines once and says what the run will do; in a preview only.
 *
 * An impossible plan fails the preview. Nothing else does: a machine that does not answer, or a reading that breaks, is told.
 */
export function showPlan(
  component: pulumi.ComponentResource,
  name: string,
  args: PreviewPlanArgs,
): void {
  if (!pulumi.runtime.isDryRun()) return;
  // Without it the program would end, and its last words be lost, while the machines are still being read.
  const done = pulumi.runtime.rpcKeepAlive();
  void makePlan(args)
    .catch((error: unknown) => warnUnread(component, error))
    .then((plan) => (plan === undefined ? undefined : report(component, name, plan)))
    .finally(done);
}

function warnUnread(component: pulumi.ComponentResource, error: unknown): undefined {
  const reason = error instanceof Error ? error.message : String(error);
  const text = `preview.live: the machines were not read: ${reason}. The preview itself is complete; preflight reads them before anything is changed.`;
  void pulumi.log.warn(text, component);
}

async function report(
  component: pulumi.ComponentResource,
  name: string,
  plan: Plan,
): Promise<void> {
  await pulumi.log.info(planText(plan), component);
  if (plan.warnings.length > 0) await pulumi.log.warn(plan.warnings.join("\n"), component);
  if (plan.problems.length === 0) return;
  const count = plan.problems.length === 1 ? "1 reason" : `${plan.problems.length} reasons`;
  const lines = plan.problems.map((problem) => ` - ${problem}`).join("\n");
  // Nobody catches this: it fails the preview, as the error of a constructor does.
  throw lateError(
    `TalosCluster "${name}": the plan cannot be carried out, for ${count}; nothing was changed:\n${lines}`,
  );
}

async function makePlan(args: PreviewPlanArgs): Promise<Plan> {
  const request = await requestOf(args);
  const { code, stdout, stderr } = await runCommandLine(
    stepCommandLine("plan"),
    JSON.stringify(request),
    {},
  );
  if (code !== 0) throw new Error(stderr.trim() || `the plan ended with exit code ${code}`);
  return JSON.parse(stdout) as Plan;
}

async function requestOf(args: PreviewPlanArgs): Promise<object> {
  const { clusterName, kubernetesVersion, versionContract, rollout } = args.spec;
  const [client, redactionKey, secretValues, machines] = await Promise.all([
    knownValue(args.client),
    knownValue(args.redaction.key),
    knownValue(args.redaction.values),
    Promise.all(args.machines.map(machineOf)),
  ]);
  const usable = client ?? args.replacedClient();
  const certificates = await Promise.all(
    Object.entries(args.certificates).map(async ([name, value]) => [name, await knownValue(value)]),
  );
  return {
    clusterName,
    kubernetesVersion,
    versionContract,
    maxUnavailable: rollout.maxUnavailable,
    onRemove: args.spec.onRemove,
    deadlineSeconds: planTimeoutSeconds,
    credentials: usable && {
      ca: usable.caCertificate,
      certificate: usable.clientCertificate,
      key: usable.clientKey,
    },
    redactionKey: redactionKey ?? "",
    secretValues: secretValues ?? [],
    machines: machines.filter((machine) => machine !== undefined),
    certificates: Object.fromEntries(
      certificates.filter(([, value]) => value !== undefined),
    ) as object,
  };
}

/** A machine whose address another resource has yet to make cannot be asked. */
async function machineOf(machine: PreviewMachine): Promise<object | undefined> {
  const { name, role, talosVersion, images, schematicId, secureboot, extensions } = machine.node;
  const { dropExtensions, identity, renamedFrom, incarnation, hold, applyMode } = machine.node;
  const address = await knownValue(pulumi.output(machine.address));
  if (address === undefined) return undefined;
  const rendered = await knownValue(machine.config);
  const { lastApplied, previousAddress, action } = machine.changeOf();
  return {
    name,
    address,
    role,
    talosVersion,
    installerImage: images.installer,
    schematicId,
    secureboot,
    extensions,
    dropExtensions,
    identity,
    renamedFrom,
    incarnation,
    hold,
    applyMode,
    action,
    previousAddress,
    rendered,
    lastApplied: action === "none" ? rendered : lastApplied,
    secretLeaves: (await knownValue(machine.secretLeaves)) ?? [],
  };
}
