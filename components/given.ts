import * as pulumi from "@pulumi/pulumi";
import type { ClusterInput, NodeInput, PatchInput } from "../model/cluster-input";
import { deferred, type Leaf } from "../model/deferred";
import type { NodeArgs, PatchArgs, TalosClusterArgs } from "./talos-cluster-args";

/** The arguments as the model takes them, and the way back from a leaf of the model to what was given. */
export interface Given {
  readonly input: ClusterInput;
  readonly textOf: (patch: PatchInput) => pulumi.Input<string>;
  readonly argsOf: (nodeName: string) => NodeArgs;
}

/** Reads component arguments: what is an Output becomes {@link deferred} and is checked when it is known. */
export function readArgs(args: TalosClusterArgs): Given {
  const texts = new Map<PatchInput, pulumi.Input<string>>();
  const patch =
    (scope: string) =>
    (given: PatchArgs, index: number): PatchInput => {
      const named: NamedPatch = isNamed(given)
        ? given
        : { source: `patches.${scope}[${index}]`, text: given };
      const read: PatchInput = { source: named.source, text: leaf(named.text) };
      texts.set(read, named.text);
      return read;
    };
  const { global, controller, worker, nodes = {} } = args.patches ?? {};
  const input: ClusterInput = {
    ...args,
    endpoint: leaf(args.endpoint),
    nodes: args.nodes.map(nodeInput),
    patches: {
      global: global?.map(patch("global")),
      controller: controller?.map(patch("controller")),
      worker: worker?.map(patch("worker")),
      nodes: Object.fromEntries(
        Object.entries(nodes).map(([name, list]) => [name, list.map(patch(`nodes["${name}"]`))]),
      ),
    },
  };
  return {
    input,
    textOf: (read) => texts.get(read) ?? "",
    argsOf: (name) => args.nodes.find((node) => node.name === name) as NodeArgs,
  };
}

function nodeInput(node: NodeArgs): NodeInput {
  return { ...node, address: leaf(node.address), installDisk: leaf(node.installDisk) };
}

function leaf<T>(value: pulumi.Input<T>): Leaf<T> {
  return pulumi.Output.isInstance(value) || value instanceof Promise ? deferred : value;
}

type NamedPatch = Exclude<PatchArgs, pulumi.Input<string>>;

function isNamed(patch: PatchArgs): patch is NamedPatch {
  return typeof patch === "object" && "source" in patch && !pulumi.Output.isInstance(patch);
}
