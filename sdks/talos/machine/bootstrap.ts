import * as pulumi from "@pulumi/pulumi";
import { hasPulumiType, resourceInputs, resourceOptions, type ResourceShape } from "../plugin";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

const shape: ResourceShape<BootstrapArgs, BootstrapState> = {
  inputs: {
    clientConfiguration: "optional",
    clientConfigurationWo: "secret",
    endpoint: "optional",
    node: "required",
    timeouts: "optional",
  },
  outputs: {},
};

/**
 * The one call that starts etcd on the first controller and so brings a cluster to life.
 *
 * Create calls it; update and delete do nothing. On a machine whose etcd has data the call is
 * refused, and the plugin repeats it until the timeout.
 */
export class Bootstrap extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:machine/bootstrap:Bootstrap";

  /** An existing Bootstrap, looked up by name and id. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BootstrapState,
    options?: pulumi.CustomResourceOptions,
  ): Bootstrap {
    return new Bootstrap(name, state as BootstrapArgs, { ...options, id });
  }

  /** Whether a value is a Bootstrap, whichever copy of this package made it. */
  public static override isInstance(value: unknown): value is Bootstrap {
    return hasPulumiType(value, Bootstrap.__pulumiType);
  }

  /** Client configuration, as given. */
  declare public readonly clientConfiguration: pulumi.Output<
    outputs.machine.ClientConfiguration | undefined
  >;
  /** Write-only client configuration. Secret. */
  declare public readonly clientConfigurationWo: pulumi.Output<
    outputs.machine.BootstrapClientConfigurationWo | undefined
  >;
  /** Address the plugin connected to. */
  declare public readonly endpoint: pulumi.Output<string>;
  /** Address of the machine that was bootstrapped. */
  declare public readonly node: pulumi.Output<string>;
  /** Longest times, as given. */
  declare public readonly timeouts: pulumi.Output<outputs.machine.BootstrapTimeouts | undefined>;

  constructor(name: string, args: BootstrapArgs, options?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    values?: BootstrapArgs | BootstrapState,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const token = Bootstrap.__pulumiType;
    const properties = resourceInputs(shape, { token, name, values, options });
    super(token, name, properties, resourceOptions(shape, options));
  }
}

export interface BootstrapArgs {
  /** Client certificate for the Talos API. Either this or `clientConfigurationWo` must be given. */
  clientConfiguration?: pulumi.Input<inputs.machine.ClientConfiguration | undefined>;
  /**
   * Client certificate that the plugin does not store. Not set by default.
   *
   * Pulumi stores the inputs all the same, as secrets: it gains nothing over `clientConfiguration`.
   */
  clientConfigurationWo?: pulumi.Input<inputs.machine.BootstrapClientConfigurationWo | undefined>;
  /** Address to connect to, with an optional port. Defaults to `node`. */
  endpoint?: pulumi.Input<string | undefined>;
  /** Address of the controller to bootstrap. A worker refuses. */
  node: pulumi.Input<string>;
  /** Longest time until the machine accepts the call. Defaults to 10 minutes. */
  timeouts?: pulumi.Input<inputs.machine.BootstrapTimeouts | undefined>;
}

export type BootstrapState = Partial<BootstrapArgs>;
