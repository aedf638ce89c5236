import { checkAddresses } from "./check-addresses";
import { checkControllers } from "./check-controllers";
import { checkHold } from "./check-hold";
import { checkMachinesTogether } from "./check-machines-together";
import { checkSettings } from "./check-node-settings";
import { checkOwnFacts } from "./check-own-facts";
import { checkUnderstood, type MachineOfLayers } from "./check-understood";
import type { DefaultsInput, NodeInput } from "./cluster-input";
import { applyDefaults } from "./node-defaults";
import { mergeFindings, type Findings, type Problem } from "./problem";
import { reportTo, type Report } from "./report";

/** What machines are checked against. */
export interface NodesContext {
  readonly versionContract?: string;
  /** Talos the machines run unless they have a pin of their own; the contract when left out. */
  readonly talosVersion?: string;
  readonly allowTwoControllers?: boolean;
  readonly defaults?: DefaultsInput;
}

/** Path of a machine in messages: by its name, or by its place when it has none. */
export function nodePath(node: NodeInput, index: number): string {
  return node.name === undefined || node.name === "" ? `nodes[${index}]` : `nodes["${node.name}"]`;
}

/**
 * Everything wrong with the machines, each and together.
 *
 * Machines are given as written: what is wrong with a default is said once, at the default.
 */
export function checkNodes(nodes: readonly NodeInput[], context: NodesContext = {}): Findings {
  const { defaults, versionContract, talosVersion = versionContract } = context;
  const problems: Problem[] = [];
  const report = reportTo(problems);
  const merged = applyDefaults(nodes, defaults);
  const machines = nodes.map((written, index) => ({
    path: nodePath(written, index),
    written,
    merged: merged[index] ?? written,
  }));
  for (const layer of ["all", "controllers", "workers"] as const) {
    const settings = defaults?.[layer];
    if (settings !== undefined) checkSettings(`defaults.${layer}`, settings, report);
  }
  for (const machine of machines) checkMachine(machine, report);
  checkMachinesTogether(machines, report);
  checkAddresses(machines, defaults, report);
  checkHold(nodes, report);
  checkUnderstood(machines, talosVersion, defaults, report);
  return mergeFindings([
    { problems, warnings: [] },
    checkControllers(nodes, context.allowTwoControllers === true),
  ]);
}

function checkMachine({ path, written, merged }: MachineOfLayers, report: Report): void {
  checkOwnFacts(path, written, report);
  checkSettings(path, written, report);
  const { installDisk, installDiskSelector } = merged;
  if ((installDisk === undefined || installDisk === "") && installDiskSelector === undefined)
    report(
      `${path}.installDisk`,
      "is missing. Give the disk to install to; `talosctl get disks --insecure -n <address>` lists them.",
    );
}
