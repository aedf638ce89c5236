import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { NodeSpec } from "../model/cluster-spec";
import { gateHooks } from "./gate-hook";
import { registerStep } from "./step";

/** What a {@link TalosNode} is made of. */
export interface TalosNodeArgs {
  readonly node: NodeSpec;
  readonly address: pulumi.Input<string>;
  /** Documents that are merged over the base, one an entry, in their order. */
  readonly documents: readonly pulumi.Input<string>[];
  /** Base config of the machine's role. */
  readonly baseConfiguration: pulumi.Output<string>;
  readonly clientConfiguration: pulumi.Output<talos.types.output.machine.ClientConfiguration>;
  readonly credentials: pulumi.Output<string>;
  /** What every step of the cluster is told. */
  readonly environment: Record<string, pulumi.Input<string>>;
  readonly gateTimeoutSeconds: number;
  readonly readyTimeoutSeconds: number;
  /** What must have ended before this machine's config is applied. */
  readonly after: readonly pulumi.Resource[];
  /** Registers what must happen between this machine's config and its being ready. */
  readonly beforeReady?: (config: pulumi.Resource) => pulumi.Resource;
}

/** One machine of a cluster: its config behind the gate, and the wait until it is ready. */
export class TalosNode extends pulumi.ComponentResource {
  /** Digest of the config that is rendered for the machine. */
  readonly configDigest: pulumi.Output<string>;
  readonly config: talos.machine.ConfigurationApply;
  readonly ready: pulumi.Resource;

  constructor(name: string, args: TalosNodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("taloscluster:index:TalosNode", name, {}, opts);

    const environment = this.environmentOf(args);
    this.config = this.applyConfig(name, args, environment);
    this.configDigest = pulumi.unsecret(this.config.machineConfigurationHash);
    this.ready = this.waitUntilReady(name, args, environment);

    this.registerOutputs({ configDigest: this.configDigest });
  }

  private environmentOf(args: TalosNodeArgs): Record<string, pulumi.Input<string>> {
    const { name, role, installerImage, schematicId } = args.node;
    return {
      ...args.environment,
      NODE: name,
      ADDRESS: args.address,
      ROLE: role,
      INSTALLER_IMAGE: installerImage,
      SCHEMATIC_ID: schematicId,
    };
  }

  private applyConfig(
    name: string,
    args: TalosNodeArgs,
    environment: Record<string, pulumi.Input<string>>,
  ): talos.machine.ConfigurationApply {
    const { credentials, gateTimeoutSeconds: timeoutSeconds } = args;
    return new talos.machine.ConfigurationApply(
      `${name}-config`,
      {
        node: args.address,
        clientConfiguration: args.clientConfiguration,
        machineConfigurationInput: args.baseConfiguration,
        configPatches: [...args.documents],
        applyMode: "auto",
        // All three: with fewer the plugin loses the resource ("recovered raw state does not byte-for-byte match", 0.8.1).
        // The gate has just reached the machine: the plugin would repeat a refused apply for ten minutes.
        timeouts: { create: "3m", update: "3m", delete: "3m" },
      },
      {
        parent: this,
        dependsOn: [...args.after],
        hooks: gateHooks(`${name}-gate`, { timeoutSeconds, environment, credentials }),
      },
    );
  }

  private waitUntilReady(
    name: string,
    args: TalosNodeArgs,
    environment: Record<string, pulumi.Input<string>>,
  ): pulumi.Resource {
    const between = args.beforeReady?.(this.config);
    return registerStep(
      `${name}-ready`,
      {
        step: "ready",
        timeoutSeconds: args.readyTimeoutSeconds,
        environment: { ...environment, CONFIG_DIGEST: this.configDigest },
        credentials: args.credentials,
      },
      { parent: this, dependsOn: between === undefined ? [this.config] : [this.config, between] },
    );
  }
}
