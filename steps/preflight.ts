import semver from "semver";
import { talosctlProblem } from "../model/talosctl-version";
import { mapSideBySide } from "./concurrency";
import type { Deadline } from "./deadline";
import { StepFailure } from "./failure";
import { readEtcd, type EtcdMember } from "./etcd";
import { readMachineFacts } from "./machine-facts";
import type { Machine } from "./machine";
import { reportLines, someOf } from "./machine-report";
import { readMachineState, type MachineState } from "./machine-state";
import { preflightProblems } from "./preflight-decision";
import { readWantedMachines } from "./preflight-machines";
import { membershipChange, membershipProblems, snapshotReasons } from "./preflight-membership";
import { moveLines, movesOf } from "./preflight-moves";
import { viewCluster, type ClusterView, type ObservedController } from "./quorum";
import { defineStep, type StepContext } from "./step";
import type { Talosctl } from "./talosctl";
import { takeSnapshot } from "./take-snapshot";
import { talosctlVersion } from "./talosctl-version";
import { optional } from "./variable";
import * as variables from "./variables";
import type { MachineObservation, WantedMachine } from "./wanted-machine";

/** Machines asked at a time: each question is a process. */
const sideBySide = 8;
/** A machine may be rebooting since an earlier, killed run: silence counts after this long. */
const patienceSeconds = 15;

/** Reads every machine once, refuses an impossible plan before anything is touched, and saves etcd before a risky one. */
export const preflight = defineStep({
  name: "preflight",
  summary: "every machine is there, is ours or free, and the plan can be carried out",
  variables: {
    clusterName: variables.clusterName,
    controllers: variables.controllers,
    workers: variables.workers,
    talosVersion: variables.talosVersion,
    kubernetesVersion: variables.kubernetesVersion,
    schematicId: optional(variables.schematicId),
    schematics: variables.schematics,
    held: variables.held,
    canaries: variables.canaries,
    identities: variables.identities,
    renames: variables.renames,
    incarnations: variables.incarnations,
    secureboot: variables.secureboot,
    extensions: variables.extensions,
    dropExtensions: variables.dropExtensions,
    installerImage: optional(variables.installerImage),
    oldestTalosVersion: optional(variables.oldestTalosVersion),
    onRemove: variables.onRemove,
    snapshotDirectory: optional(variables.snapshotDirectory),
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run(wanted, context) {
    const machines = readWantedMachines(wanted);
    const asked = machines.filter(({ hold }) => hold !== true);
    const [installed, observations] = await Promise.all([
      talosctlVersion(),
      mapSideBySide(asked, sideBySide, (machine) => observe(context, machine)),
    ]);
    reportLines(observations).forEach((line) => context.output.phase(line));
    heldLines(machines).forEach((line) => context.output.phase(line));
    const talosVersions = [...new Set(asked.map(({ talosVersion }) => talosVersion))];
    const etcd = await readCluster(observations, context);
    const change = membershipChange(membersOf(etcd.cluster), machines, observations);
    const tool = talosctlProblem(installed, talosVersions);
    const problems = [
      ...(tool === undefined ? [] : [tool]),
      ...preflightProblems(observations, wanted),
      ...membershipProblems(change, wanted.onRemove),
    ];
    if (problems.length > 0) throw refusal(wanted.clusterName, problems);
    const moves = movesOf(observations, wanted.kubernetesVersion);
    moveLines(moves, wanted.kubernetesVersion).forEach((line) => context.output.phase(line));
    const risks = snapshotReasons(moves, change, observations, wanted.onRemove);
    await snapshotBefore(risks, etcd, wanted, context);
    const talos = talosVersions.sort(semver.compare).join(" and ");
    return `${asked.length} machines can take the plan: Talos ${talos}, Kubernetes ${wanted.kubernetesVersion}`;
  },
});

function heldLines(machines: readonly WantedMachine[]): string[] {
  const names = machines.filter(({ hold }) => hold === true).map(({ name }) => name);
  if (names.length === 0) return [];
  return [`on hold, not read, and counted as down: ${someOf(names)}`];
}

/** etcd as the controllers tell it that are ours. */
interface EtcdCluster {
  readonly controllers: readonly ObservedController[];
  readonly cluster: ClusterView;
}

async function readCluster(
  observations: readonly MachineObservation[],
  { talosctl }: StepContext,
): Promise<EtcdCluster> {
  const controllers = await Promise.all(
    observations
      .filter(({ machine }) => machine.role === "controller")
      .map(async ({ machine, state }): Promise<ObservedController> => {
        if (state.kind !== "ours") return { machine, state };
        return { machine, state, etcd: await readEtcd(talosctl, machine) };
      }),
  );
  return { controllers, cluster: viewCluster(controllers) };
}

function membersOf(cluster: ClusterView): readonly EtcdMember[] {
  return cluster.kind === "live" ? cluster.members : [];
}

/**
 * Only of a live etcd: a cluster that was set up half-way has none, and one that lost its quorum gives none; the gates stop
 * whoever would touch that.
 */
async function snapshotBefore(
  risks: readonly string[],
  { controllers, cluster }: EtcdCluster,
  { clusterName, snapshotDirectory }: { clusterName: string; snapshotDirectory?: string },
  context: StepContext,
): Promise<void> {
  if (risks.length === 0 || cluster.kind === "fresh") return;
  if (cluster.kind === "unclear") {
    context.output.phase("no etcd snapshot is taken: no controller answers as an etcd member");
    return;
  }
  if (snapshotDirectory === undefined) {
    context.output.phase("no etcd snapshot is taken: snapshots are turned off");
    return;
  }
  const next = [
    "mend that, then run pulumi up again: without a snapshot nothing changes",
    "or go on without one, at your own risk: set snapshots.enabled: false in Pulumi.<stack>.yaml",
  ];
  const plan = { clusterName, directory: snapshotDirectory, controllers, next };
  context.output.phase(`an etcd snapshot comes first: ${risks.join(", ")}`);
  context.output.phase(await takeSnapshot({ ...plan, cluster }, context));
}

async function observe(
  { talosctl, deadline }: StepContext,
  machine: WantedMachine,
): Promise<MachineObservation> {
  const { role, identity } = machine;
  const state = await readPatiently(talosctl, deadline, machine);
  const facts = await readMachineFacts(talosctl, machine, role, state, { identity });
  return { machine, state, facts };
}

async function readPatiently(
  talosctl: Talosctl,
  deadline: Deadline,
  machine: Machine,
): Promise<MachineState> {
  const until = deadline.elapsedSeconds + patienceSeconds;
  for (;;) {
    const state = await readMachineState(talosctl, machine);
    const given = deadline.elapsedSeconds > until || deadline.remainingSeconds < 3;
    if (state.kind !== "unreachable" || given) return state;
    await deadline.sleep(1);
  }
}

function refusal(cluster: string, problems: readonly string[]): StepFailure {
  const count = problems.length === 1 ? "1 reason" : `${problems.length} reasons`;
  return new StepFailure({
    what: `${cluster}: the plan cannot be carried out, for ${count}:\n${problems.map((problem) => ` - ${problem}`).join("\n")}`,
    left: "every machine; nothing was changed.",
    next: ["mend what is listed, or change the plan, and run pulumi up again"],
  });
}
