import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { NodeSpec } from "../model/cluster-spec";
import type { ConfigChange, NodeHooks } from "./node-hooks";
import { registerStep } from "./step";

type Environment = Record<string, pulumi.Input<string>>;

/** What a {@link TalosNode} is made of. */
export interface TalosNodeArgs {
  readonly node: NodeSpec;
  readonly address: pulumi.Input<string>;
  /** Documents that are merged over the base, one an entry, in their order. */
  readonly documents: pulumi.Input<pulumi.Input<string>[]>;
  /** Base config of the machine's role. */
  readonly baseConfiguration: pulumi.Output<string>;
  readonly clientConfiguration: pulumi.Output<talos.types.output.machine.ClientConfiguration>;
  readonly credentials: pulumi.Output<string>;
  /** What the machine's steps are told. */
  readonly environment: Environment;
  /** What only its gate is told. */
  readonly gateEnvironment: Environment;
  readonly hooks: NodeHooks;
  readonly gateTimeoutSeconds: number;
  readonly readyTimeoutSeconds: number;
  /** What must have ended before this machine's config is applied. */
  readonly after: readonly pulumi.Input<pulumi.Resource>[];
  /** Registers what must happen between this machine's config and its being ready. */
  readonly beforeReady?: (config: pulumi.Resource) => pulumi.Resource;
}

/** One machine of a cluster: its config behind the gate, and the wait until it is ready. */
export class TalosNode extends pulumi.ComponentResource {
  /** Digest of the config that is rendered for the machine. */
  readonly configDigest: pulumi.Output<string>;
  readonly config: talos.machine.ConfigurationApply;
  readonly ready: pulumi.Resource;
  /** What a preview will do to the config; right once its outputs are resolved. */
  readonly changeOf: () => ConfigChange;

  constructor(name: string, args: TalosNodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("taloscluster:index:TalosNode", name, {}, opts);

    const configName = configNameOf(name, args.node.incarnation);
    this.config = this.applyConfig(configName, args);
    this.changeOf = () => args.hooks.changeOf(configName);
    this.configDigest = pulumi.unsecret(this.config.machineConfigurationHash);
    this.ready = this.waitUntilReady(name, args);

    this.registerOutputs({ configDigest: this.configDigest });
  }

  private applyConfig(configName: string, args: TalosNodeArgs): talos.machine.ConfigurationApply {
    const { credentials, gateTimeoutSeconds: timeoutSeconds } = args;
    const environment = { ...args.environment, ...args.gateEnvironment };
    return new talos.machine.ConfigurationApply(
      configName,
      {
        node: args.address,
        clientConfiguration: args.clientConfiguration,
        machineConfigurationInput: args.baseConfiguration,
        configPatches: args.documents,
        applyMode: "auto",
        // All three: with fewer the plugin loses the resource ("recovered raw state does not byte-for-byte match", 0.8.1).
        // The gate has just reached the machine: the plugin would repeat a refused apply for ten minutes.
        timeouts: { create: "3m", update: "3m", delete: "3m" },
      },
      {
        parent: this,
        dependsOn: [...args.after],
        hooks: args.hooks.bind(configName, { timeoutSeconds, environment, credentials }),
      },
    );
  }

  private waitUntilReady(name: string, args: TalosNodeArgs): pulumi.Resource {
    const between = args.beforeReady?.(this.config);
    return registerStep(
      `${name}-ready`,
      {
        step: "ready",
        timeoutSeconds: args.readyTimeoutSeconds,
        environment: { ...args.environment, CONFIG_DIGEST: this.configDigest },
        credentials: args.credentials,
      },
      { parent: this, dependsOn: between === undefined ? [this.config] : [this.config, between] },
    );
  }
}

/**
 * Name of the config resource: another one for each incarnation.
 *
 * A machine that was installed anew gets its config as a new machine does. The old resource's delete touches nothing.
 */
function configNameOf(name: string, incarnation: number): string {
  return incarnation === 1 ? `${name}-config` : `${name}-config-${incarnation}`;
}
