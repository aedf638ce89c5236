import { StepFailure } from "./failure";
import { identityProblem } from "./identity";
import { label } from "./machine";
import { readMachineFacts } from "./machine-facts";
import { describeState, readMachineState } from "./machine-state";
import { restartMachine } from "./restart-machine";
import { defineStep, type StepContext } from "./step";
import { optional } from "./variable";
import * as variables from "./variables";

/** Restarts one machine: what a staged configuration waits for. By hand only. */
export const reboot = defineStep({
  name: "reboot",
  summary: "the machine was drained, restarted, and is well",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    role: variables.role,
    seeds: variables.seeds,
    renamedFrom: optional(variables.renamedFrom),
    held: variables.held,
    gateCommand: optional(variables.gateCommand),
    drainTimeoutSeconds: variables.drainTimeoutSeconds,
    stableSeconds: variables.stableSeconds,
    deadlineSeconds: variables.deadlineSeconds(1800),
  },
  async run({ node, address, role, seeds, held, renamedFrom, gateCommand, ...told }, context) {
    const machine = { name: node, address };
    await context.lock(machine);
    const target = { machine, role, seeds, held };
    const wanted = { ...machine, role, ...(renamedFrom !== undefined && { renamedFrom }) };
    const problem = await rebootProblem(wanted, seeds, context);
    if (problem !== undefined) throw refusal(wanted, problem);
    return restartMachine(
      {
        ...told,
        step: "reboot",
        verb: "rebooted",
        target,
        ...(gateCommand !== undefined && { gateCommand }),
        expected: {},
        would: "it takes up the configuration that waits for it, if one does",
        wayBack: [],
        due: () => Promise.resolve(["reboot"]),
      },
      context,
    );
  },
});

async function rebootProblem(
  wanted: Parameters<typeof identityProblem>[0],
  seeds: Parameters<typeof identityProblem>[2],
  { talosctl }: StepContext,
): Promise<string | undefined> {
  const state = await readMachineState(talosctl, wanted);
  if (state.kind !== "ours") return describeState(state);
  const facts = await readMachineFacts(talosctl, wanted, wanted.role, state, { image: false });
  return identityProblem(wanted, facts, seeds);
}

function refusal(
  machine: { readonly name: string; readonly address: string },
  problem: string,
): StepFailure {
  return new StepFailure({
    what: `${label(machine)}: is not rebooted: ${problem}`,
    left: `${machine.name} as it is; nothing was changed.`,
    next: [
      `see how it is: talosctl --endpoints ${machine.address} --nodes ${machine.address} get machinestatus`,
    ],
  });
}
