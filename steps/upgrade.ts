import { defineStep } from "./step";
import { settleUpgrade } from "./upgrade-observation";
import { finishUpgrade, upgradeMachine } from "./upgrade-run";
import { refuseLostMachine } from "./lost-machine";
import { label } from "./machine";
import { optional } from "./variable";
import * as variables from "./variables";

/** Brings one machine to its Talos version and schematic. */
export const upgrade = defineStep({
  name: "upgrade",
  summary: "the machine runs the wanted Talos and schematic, and is well",
  variables: {
    clusterName: variables.clusterName,
    node: variables.node,
    address: variables.address,
    role: variables.role,
    seeds: variables.seeds,
    talosVersion: variables.talosVersion,
    installerImage: variables.installerImage,
    schematicId: optional(variables.schematicId),
    renamedFrom: optional(variables.renamedFrom),
    incarnation: variables.incarnation,
    held: variables.held,
    gateCommand: optional(variables.gateCommand),
    drainTimeoutSeconds: variables.drainTimeoutSeconds,
    stableSeconds: variables.stableSeconds,
    deadlineSeconds: variables.deadlineSeconds(1800),
  },
  async run({ node, address, talosVersion, installerImage, schematicId, ...told }, context) {
    const machine = { name: node, address };
    if (told.held.includes(node)) return `${label(machine)} is on hold: it is not touched`;
    await context.lock(machine);
    const wanted = {
      talosVersion,
      installerImage,
      ...(schematicId !== undefined && { schematicId }),
    };
    const plan = { ...told, machine, wanted };
    const { decision, seen } = await settleUpgrade(plan, context);
    switch (decision.kind) {
      case "nothing":
        await refuseLostMachine(plan, context);
        return `${label(machine)}: nothing to upgrade yet: ${decision.because}`;
      case "done":
        return `${label(machine)} is up to date: ${decision.because}`;
      case "finish":
        return finishUpgrade(plan, decision.because, context);
      case "upgrade":
      case "restart":
        return upgradeMachine(plan, decision, seen, context);
    }
  },
});
