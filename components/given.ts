import * as pulumi from "@pulumi/pulumi";
import type {
  ClusterInput,
  DefaultsInput,
  NodeInput,
  NodeSettingsInput,
  PatchInput,
} from "../model/cluster-input";
import { deferred, type Leaf } from "../model/deferred";
import { nodePath } from "../model/check-nodes";
import type { NodeArgs, NodeSettingsArgs } from "./node-args";
import type { PatchArgs, TalosClusterArgs } from "./talos-cluster-args";

/** The arguments as the model takes them, and the way back from a leaf of the model to what was given. */
export interface Given {
  readonly input: ClusterInput;
  readonly textOf: (patch: PatchInput) => pulumi.Input<string>;
  readonly addressOf: (nodeName: string) => pulumi.Input<string>;
  /** What stands for a disk that is not known yet. */
  readonly installDiskOf: (nodeName: string) => pulumi.Input<string> | undefined;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Reads component arguments: what is an Output becomes {@link deferred} and is checked when it is known. */
export function readArgs(args: TalosClusterArgs): Given {
  const texts = new Map<PatchInput, pulumi.Input<string>>();
  const patch =
    (place: string) =>
    (given: PatchArgs, index: number): PatchInput => {
      const named: NamedPatch = isNamed(given)
        ? given
        : { source: `${place}[${index}]`, text: given };
      const read: PatchInput = { source: named.source, text: leaf(named.text) };
      texts.set(read, named.text);
      return read;
    };
  const { global, controller, worker, nodes = {} } = args.patches ?? {};
  const variables = args.patchVariables ?? {};
  const byName = new Map(args.nodes.map((node) => [node.name, node]));
  const input: ClusterInput = {
    ...args,
    endpoint: leaf(args.endpoint),
    nodes: args.nodes.map((node, index) =>
      nodeInput(node, patch(`${nodePathOf(node, index)}.patches`)),
    ),
    defaults: defaultsInput(args.defaults),
    patches: {
      global: global?.map(patch("patches.global")),
      controller: controller?.map(patch("patches.controller")),
      worker: worker?.map(patch("patches.worker")),
      nodes: Object.fromEntries(
        Object.entries(nodes).map(([name, list]) => [
          name,
          list.map(patch(`patches.nodes["${name}"]`)),
        ]),
      ),
    },
    patchVariables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, leaf(value)]),
    ),
  };
  return {
    input,
    textOf: (read) => texts.get(read) ?? "",
    addressOf: (name) => byName.get(name)?.address ?? "",
    installDiskOf: (name) => installDiskOf(byName.get(name), args),
    variables,
  };
}

function nodePathOf(node: NodeArgs, index: number): string {
  return nodePath({ name: node.name }, index);
}

function nodeInput(
  node: NodeArgs,
  patch: (given: PatchArgs, index: number) => PatchInput,
): NodeInput {
  return {
    ...settingsInput(node),
    address: leaf(node.address),
    patches: node.patches?.map(patch),
  };
}

function defaultsInput(defaults: TalosClusterArgs["defaults"]): DefaultsInput | undefined {
  if (defaults === undefined) return undefined;
  const { all, controllers, workers } = defaults;
  return {
    all: all && settingsInput(all),
    controllers: controllers && settingsInput(controllers),
    workers: workers && settingsInput(workers),
  };
}

function settingsInput<Settings extends NodeSettingsArgs>(
  settings: Settings,
): Omit<Settings, "installDisk"> & NodeSettingsInput {
  const { installDisk } = settings;
  return installDisk === undefined
    ? (settings as Omit<Settings, "installDisk">)
    : { ...settings, installDisk: leaf(installDisk) };
}

/** The disk that the model found deferred, by the same order: the machine's own, its role's, everybody's. */
function installDiskOf(
  node: NodeArgs | undefined,
  { defaults = {} }: TalosClusterArgs,
): pulumi.Input<string> | undefined {
  const ofRole = node?.controller === true ? defaults.controllers : defaults.workers;
  return node?.installDisk ?? ofRole?.installDisk ?? defaults.all?.installDisk;
}

function leaf<T>(value: pulumi.Input<T>): Leaf<T> {
  return pulumi.Output.isInstance(value) || value instanceof Promise ? deferred : value;
}

type NamedPatch = Exclude<PatchArgs, pulumi.Input<string>>;

function isNamed(patch: PatchArgs): patch is NamedPatch {
  return typeof patch === "object" && "source" in patch && !pulumi.Output.isInstance(patch);
}
