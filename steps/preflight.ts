import semver from "semver";
import { talosctlProblem } from "../model/talosctl-version";
import { mapSideBySide } from "./concurrency";
import type { Deadline } from "./deadline";
import { StepFailure } from "./failure";
import { readMachineFacts } from "./machine-facts";
import type { Machine } from "./machine";
import { reportLines } from "./machine-report";
import { readMachineState, type MachineState } from "./machine-state";
import { preflightProblems } from "./preflight-decision";
import { readWantedMachines } from "./preflight-machines";
import { defineStep, type StepContext } from "./step";
import type { Talosctl } from "./talosctl";
import { talosctlVersion } from "./talosctl-version";
import { optional } from "./variable";
import * as variables from "./variables";
import type { MachineObservation, WantedMachine } from "./wanted-machine";

/** Machines asked at a time: each question is a process. */
const sideBySide = 8;
/** A machine may be rebooting since an earlier, killed run: silence counts after this long. */
const patienceSeconds = 15;

/** Reads every machine once and refuses an impossible plan before anything is touched. */
export const preflight = defineStep({
  name: "preflight",
  summary: "every machine is there, is ours or free, and the plan can be carried out",
  variables: {
    clusterName: variables.clusterName,
    controllers: variables.controllers,
    workers: variables.workers,
    talosVersion: variables.talosVersion,
    kubernetesVersion: variables.kubernetesVersion,
    canaries: variables.canaries,
    identities: variables.identities,
    renames: variables.renames,
    incarnations: variables.incarnations,
    secureboot: variables.secureboot,
    extensions: variables.extensions,
    dropExtensions: variables.dropExtensions,
    installerImage: optional(variables.installerImage),
    oldestTalosVersion: optional(variables.oldestTalosVersion),
    deadlineSeconds: variables.deadlineSeconds(120),
  },
  async run(wanted, context) {
    const machines = readWantedMachines(wanted);
    const [installed, observations] = await Promise.all([
      talosctlVersion(),
      mapSideBySide(machines, sideBySide, (machine) => observe(context, machine)),
    ]);
    reportLines(observations).forEach((line) => context.output.phase(line));
    const talosVersions = [...new Set(machines.map(({ talosVersion }) => talosVersion))];
    const tool = talosctlProblem(installed, talosVersions);
    const problems = [
      ...(tool === undefined ? [] : [tool]),
      ...preflightProblems(observations, wanted),
    ];
    if (problems.length > 0) throw refusal(wanted.clusterName, problems);
    const talos = talosVersions.sort(semver.compare).join(" and ");
    return `${machines.length} machines can take the plan: Talos ${talos}, Kubernetes ${wanted.kubernetesVersion}`;
  },
});

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
