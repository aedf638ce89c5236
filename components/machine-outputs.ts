import * as pulumi from "@pulumi/pulumi";
import type { NodeSpec } from "../model/cluster-spec";
import type { MachineOutput } from "./talos-cluster-args";

/** What people want to know of each machine, by its name. */
export function machineOutputs(
  nodes: readonly NodeSpec[],
  addressOf: (node: NodeSpec) => pulumi.Input<string>,
): pulumi.Output<Record<string, MachineOutput>> {
  const machines = nodes.map((node): [string, pulumi.Input<MachineOutput>] => {
    const { role, installerImage, schematicId } = node;
    return [
      node.name,
      pulumi
        .output(addressOf(node))
        .apply((address) => ({ role, address, installerImage, schematicId })),
    ];
  });
  return pulumi.output(Object.fromEntries(machines));
}
