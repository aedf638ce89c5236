import * as pulumi from "@pulumi/pulumi";
import type * as talos from "@pulumiverse/talos";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import type { SecretLeaf } from "../model/redaction";
import { BaseConfigurations } from "./base-configurations";
import type { ClusterEnvironment } from "./cluster-environment";
import type { Given } from "./given";
import type { NodeHooks } from "./node-hooks";
import { LayerRenderer } from "./node-layers";
import { checkReadable } from "./patch-check";
import { checkPrograms } from "./program-check";
import { rejectLater } from "./reject";
import type { ConfigureArgs } from "./talos-node";

/** What of a machine's config does not depend on its place in the roll-out, and what of it is secret. */
export type MachineConfig = Omit<ConfigureArgs, "gate" | "ready" | "after" | "beforeReady"> & {
  readonly secretLeaves: pulumi.Output<readonly SecretLeaf[]>;
};

/** What the configs of a cluster are made of. */
export interface MachineConfigsArgs {
  readonly spec: ClusterSpec;
  readonly given: Given;
  readonly environment: ClusterEnvironment;
  readonly endpoint: pulumi.Output<string>;
  readonly secrets: talos.machine.Secrets;
  readonly hooks: NodeHooks;
}

/** Configs of a cluster's machines: a base for each role, and over it what is said of the machine. */
export class MachineConfigs {
  private readonly layers: LayerRenderer;
  private readonly bases: BaseConfigurations;

  constructor(
    private readonly args: MachineConfigsArgs,
    parent: pulumi.Resource,
  ) {
    const { spec, given, endpoint, secrets } = args;
    this.layers = new LayerRenderer(spec, given);
    const readable = pulumi.output(checkBeforeRendering(spec, this.layers));
    this.bases = new BaseConfigurations(spec, endpoint, secrets, readable, parent);
  }

  of(node: NodeSpec): MachineConfig {
    const { spec, environment, secrets, hooks } = this.args;
    const { first, documents, secretLeaves } = this.layers.layersOf(node);
    return {
      address: environment.addressOf(node),
      documents,
      baseConfiguration: this.bases.of(node.role, first),
      clientConfiguration: secrets.clientConfiguration,
      resetOnDestroy: spec.teardown,
      hooks,
      secretLeaves,
    };
  }
}

/** What takes a process to find out, side by side; no config is rendered before its end. */
async function checkBeforeRendering(spec: ClusterSpec, layers: LayerRenderer): Promise<void> {
  const [programs] = await Promise.all([checkPrograms(spec), checkReadable(layers.written())]);
  rejectLater(programs);
}
