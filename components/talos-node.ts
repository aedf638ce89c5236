import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";
import type { ApplyMode, NodeSpec } from "../model/cluster-spec";
import type { ConfigChange, GateArgs, NodeHooks } from "./node-hooks";
import { registerStep, type StepArgs } from "./step";

/** What must have ended before something happens to a machine. */
export type Dependencies = readonly pulumi.Input<pulumi.Resource>[];

/** What a {@link TalosNode} is made of. */
export interface TalosNodeArgs {
  readonly node: NodeSpec;
  readonly upgrade: StepArgs;
  /** What must have ended before this machine is upgraded. */
  readonly after: Dependencies;
}

/** What a machine's config is made of, and what stands before and after it. */
export interface ConfigureArgs {
  readonly address: pulumi.Input<string>;
  /** Documents that are merged over the base, one an entry, in their order. */
  readonly documents: pulumi.Input<pulumi.Input<string>[]>;
  /** Base config of the machine's role. */
  readonly baseConfiguration: pulumi.Output<string>;
  readonly clientConfiguration: pulumi.Output<talos.types.output.machine.ClientConfiguration>;
  /** Whether the machine is reset when its config is destroyed. */
  readonly resetOnDestroy: boolean;
  readonly hooks: NodeHooks;
  readonly gate: GateArgs;
  /** The step that waits until the machine is ready; it is told the digest of the config too. */
  readonly ready: StepArgs;
  /** What must have ended before this machine's config is applied. */
  readonly after: Dependencies;
  /** Registers what must happen between this machine's config and its being ready. */
  readonly beforeReady?: (config: pulumi.Resource) => pulumi.Resource;
}

/** A machine's config and what follows it. */
export interface ConfiguredNode {
  readonly config: talos.machine.ConfigurationApply;
  readonly ready: pulumi.CustomResource;
  /** Digest of the config that is rendered for the machine. */
  readonly configDigest: pulumi.Output<string>;
  /** What a preview will do to the config; right once its outputs are resolved. */
  readonly changeOf: () => ConfigChange;
}

/** Every input of a config. */
const configInputs = [
  "node",
  "clientConfiguration",
  "machineConfigurationInput",
  "configPatches",
  "applyMode",
  "onDestroy",
  "timeouts",
];

const pluginModes: Readonly<Record<ApplyMode, string>> = {
  auto: "auto",
  "no-reboot": "no_reboot",
  staged: "staged",
};

/**
 * One machine of a cluster: its upgrade, its config behind the gate, and the wait until it is ready.
 *
 * Config and wait are registered by {@link configure}: between them and the upgrade stands that of Kubernetes, which waits for all
 * machines. On hold everything stays registered as it last was.
 */
export class TalosNode extends pulumi.ComponentResource {
  readonly upgrade: pulumi.CustomResource;
  private readonly node: NodeSpec;

  constructor(
    private readonly name: string,
    { node, upgrade, after }: TalosNodeArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("taloscluster:index:TalosNode", name, {}, opts);
    this.node = node;
    this.upgrade = registerStep(`${name}-upgrade`, upgrade, this.stepOptions(after));
  }

  /** Registers the machine's config and the wait; once for each machine. */
  configure(args: ConfigureArgs): ConfiguredNode {
    const configName = configNameOf(this.name, this.node.incarnation);
    const config = this.applyConfig(configName, args);
    const configDigest = pulumi.unsecret(config.machineConfigurationHash);
    const ready = this.waitUntilReady(args, config, configDigest);
    this.registerOutputs({ configDigest });
    return { config, ready, configDigest, changeOf: () => args.hooks.changeOf(configName) };
  }

  private applyConfig(configName: string, args: ConfigureArgs): talos.machine.ConfigurationApply {
    return new talos.machine.ConfigurationApply(
      configName,
      {
        node: args.address,
        clientConfiguration: args.clientConfiguration,
        machineConfigurationInput: args.baseConfiguration,
        configPatches: args.documents,
        applyMode: pluginModes[this.node.applyMode],
        // All of its fields: with fewer the plugin loses the resource, as with the timeouts. Not graceful: etcd lets no last member go.
        ...(args.resetOnDestroy
          ? { onDestroy: { reset: true, graceful: false, reboot: true } }
          : {}),
        // All three: with fewer the plugin loses the resource ("recovered raw state does not byte-for-byte match", 0.8.1).
        // The gate has just reached the machine: the plugin would repeat a refused apply for ten minutes.
        timeouts: { create: "3m", update: "3m", delete: "3m" },
      },
      {
        parent: this,
        dependsOn: [...args.after],
        hooks: args.hooks.bind(configName, args.gate),
        ...(this.node.hold ? { ignoreChanges: configInputs } : {}),
      },
    );
  }

  private waitUntilReady(
    { ready, beforeReady }: ConfigureArgs,
    config: pulumi.Resource,
    configDigest: pulumi.Output<string>,
  ): pulumi.CustomResource {
    const between = beforeReady?.(config);
    const environment = { ...ready.environment, CONFIG_DIGEST: configDigest };
    return registerStep(
      `${this.name}-ready`,
      { ...ready, environment },
      this.stepOptions(between === undefined ? [config] : [config, between]),
    );
  }

  private stepOptions(after: Dependencies) {
    return { parent: this, dependsOn: [...after], frozen: this.node.hold };
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
