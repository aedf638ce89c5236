import * as pulumi from "@pulumi/pulumi";
import { hasPulumiType, resourceInputs, resourceOptions, type ResourceShape } from "../plugin";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

const shape: ResourceShape<ConfigurationApplyArgs, ConfigurationApplyState> = {
  inputs: {
    applyMode: "optional",
    clientConfiguration: "optional",
    clientConfigurationWo: "secret",
    configPatches: "optional",
    endpoint: "optional",
    machineConfigurationInput: "secret",
    machineConfigurationInputWo: "secret",
    node: "required",
    onDestroy: "optional",
    timeouts: "optional",
  },
  outputs: {
    machineConfiguration: "secret",
    machineConfigurationHash: "plain",
    resolvedApplyMode: "plain",
  },
};

/**
 * A machine's configuration, applied on create and on every change.
 *
 * Done as soon as the machine has taken the configuration: a reboot that follows has only begun,
 * so the next machine needs a check in between. Machines in maintenance are asked over unverified
 * TLS first and get the whole configuration. Refresh never reads the machine.
 */
export class ConfigurationApply extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:machine/configurationApply:ConfigurationApply";

  /** An existing ConfigurationApply, looked up by name and id. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ConfigurationApplyState,
    options?: pulumi.CustomResourceOptions,
  ): ConfigurationApply {
    return new ConfigurationApply(name, state as ConfigurationApplyArgs, { ...options, id });
  }

  /** Whether a value is a ConfigurationApply, whichever copy of this package made it. */
  public static override isInstance(value: unknown): value is ConfigurationApply {
    return hasPulumiType(value, ConfigurationApply.__pulumiType);
  }

  /** Mode that was asked for. */
  declare public readonly applyMode: pulumi.Output<string>;
  /** Client configuration, as given. */
  declare public readonly clientConfiguration: pulumi.Output<
    outputs.machine.ClientConfiguration | undefined
  >;
  /** Write-only client configuration. Secret. */
  declare public readonly clientConfigurationWo: pulumi.Output<
    outputs.machine.ConfigurationApplyClientConfigurationWo | undefined
  >;
  /** Patches, as given. */
  declare public readonly configPatches: pulumi.Output<string[] | undefined>;
  /** Address the plugin connected to. */
  declare public readonly endpoint: pulumi.Output<string>;
  /** Configuration with the patches merged in, as the machine got it. Secret. */
  declare public readonly machineConfiguration: pulumi.Output<string>;
  /** SHA-256 of `machineConfiguration`, hexadecimal: shows a change without showing a secret. */
  declare public readonly machineConfigurationHash: pulumi.Output<string>;
  /** Configuration before the patches. Secret. */
  declare public readonly machineConfigurationInput: pulumi.Output<string | undefined>;
  /** Write-only configuration before the patches. Secret. */
  declare public readonly machineConfigurationInputWo: pulumi.Output<string | undefined>;
  /** Address of the machine. */
  declare public readonly node: pulumi.Output<string>;
  /** What deletion does to the machine, as given. */
  declare public readonly onDestroy: pulumi.Output<
    outputs.machine.ConfigurationApplyOnDestroy | undefined
  >;
  /** Mode that was used: for `staged_if_needing_reboot` either `staged` or `auto`. */
  declare public readonly resolvedApplyMode: pulumi.Output<string>;
  /** Longest times, as given. */
  declare public readonly timeouts: pulumi.Output<outputs.machine.Timeout | undefined>;

  constructor(name: string, args: ConfigurationApplyArgs, options?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    values?: ConfigurationApplyArgs | ConfigurationApplyState,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const token = ConfigurationApply.__pulumiType;
    const properties = resourceInputs(shape, { token, name, values, options });
    super(token, name, properties, resourceOptions(shape, options));
  }
}

export interface ConfigurationApplyArgs {
  /**
   * What the machine does with a change: `auto`, `reboot`, `no_reboot`, `staged` or
   * `staged_if_needing_reboot`. Defaults to `auto`: at once where Talos can, else with a reboot.
   *
   * `no_reboot` fails for a change that needs one. In maintenance use `auto`: a staged first
   * configuration is refused or lost, depending on the Talos version.
   * `staged_if_needing_reboot` asks the machine first and falls back to `auto`, which may
   * reboot, when it gets no answer.
   *
   * @default "auto"
   */
  applyMode?: pulumi.Input<string | undefined>;
  /** Client certificate for the Talos API. Either this or `clientConfigurationWo` must be given. */
  clientConfiguration?: pulumi.Input<inputs.machine.ClientConfiguration | undefined>;
  /**
   * Client certificate that the plugin does not store. Not set by default.
   *
   * Pulumi stores the inputs all the same, as secrets, and a reset on destroy fails without
   * `clientConfiguration`.
   */
  clientConfigurationWo?: pulumi.Input<
    inputs.machine.ConfigurationApplyClientConfigurationWo | undefined
  >;
  /**
   * Patches merged into the configuration in this order, YAML or JSON. None by default.
   *
   * Strategic merge patches. Lists are appended to, not replaced. JSON patches (RFC 6902) fail
   * on configurations of Talos 1.12 and newer, which have several documents.
   *
   * @default []
   */
  configPatches?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Address to connect to, with an optional port. Defaults to `node`. */
  endpoint?: pulumi.Input<string | undefined>;
  /**
   * Configuration to apply, from `getConfiguration`. Either this or
   * `machineConfigurationInputWo` must be given. Secret.
   */
  machineConfigurationInput?: pulumi.Input<string | undefined>;
  /**
   * Configuration to apply that the plugin does not store. Not set by default. Secret.
   *
   * Pulumi stores the inputs all the same, as secrets: it gains nothing over
   * `machineConfigurationInput`.
   */
  machineConfigurationInputWo?: pulumi.Input<string | undefined>;
  /**
   * Address of the machine. A change applies the configuration to another machine and leaves the
   * old one as it is: nothing here causes a replacement.
   */
  node: pulumi.Input<string>;
  /**
   * What deletion does to the machine. By default nothing: it keeps running.
   *
   * Taken from the state: a change counts only once an update has stored it.
   */
  onDestroy?: pulumi.Input<inputs.machine.ConfigurationApplyOnDestroy | undefined>;
  /**
   * Longest times for create, update and delete. Defaults to 10 minutes each.
   *
   * Within them everything but an invalid configuration is tried again, a wrong certificate too.
   */
  timeouts?: pulumi.Input<inputs.machine.Timeout | undefined>;
}

export interface ConfigurationApplyState extends Partial<ConfigurationApplyArgs> {
  machineConfiguration?: pulumi.Input<string | undefined>;
  machineConfigurationHash?: pulumi.Input<string | undefined>;
  resolvedApplyMode?: pulumi.Input<string | undefined>;
}
