import * as pulumi from "@pulumi/pulumi";
import { hasPulumiType, resourceInputs, resourceOptions, type ResourceShape } from "../plugin";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

const shape: ResourceShape<SecretsArgs, SecretsState> = {
  inputs: { talosVersion: "optional" },
  // Not whole secrets: the plugin marks the private leaves, and Pulumi lifts the mark.
  outputs: { clientConfiguration: "plain", machineSecrets: "plain" },
};

/**
 * Certificate authorities, keys and tokens of a cluster, generated on the plugin's machine.
 *
 * They live in the Pulumi state only. A replacement is a new cluster identity that no running
 * machine accepts: protect this resource. Imports take the path of a secrets.yaml as id.
 */
export class Secrets extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:machine/secrets:Secrets";

  /** An existing Secrets, looked up by name and id. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: SecretsState,
    options?: pulumi.CustomResourceOptions,
  ): Secrets {
    return new Secrets(name, state, { ...options, id });
  }

  /** Whether a value is a Secrets, whichever copy of this package made it. */
  public static override isInstance(value: unknown): value is Secrets {
    return hasPulumiType(value, Secrets.__pulumiType);
  }

  /** Client certificate for the Talos API, role os:admin. Secret because of its key. */
  declare public readonly clientConfiguration: pulumi.Output<outputs.machine.ClientConfiguration>;
  /** The secrets themselves, for `getConfiguration`. */
  declare public readonly machineSecrets: pulumi.Output<outputs.machine.MachineSecrets>;
  /** Version contract the secrets were generated for. */
  declare public readonly talosVersion: pulumi.Output<string>;

  constructor(name: string, args?: SecretsArgs, options?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    values?: SecretsArgs | SecretsState,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const token = Secrets.__pulumiType;
    const properties = resourceInputs(shape, { token, name, values, options });
    super(token, name, properties, resourceOptions(shape, options));
  }
}

export interface SecretsArgs {
  /**
   * Version contract that says which secrets exist, such as `v1.12` or `v1.12.1`. Defaults to
   * the newest one the plugin knows, `v1.13`.
   *
   * A higher version only edits the state. A lower one replaces the secrets, which no running
   * machine survives: set it once, to the version the cluster starts with.
   *
   * @default "v1.13"
   */
  talosVersion?: pulumi.Input<string | undefined>;
}

export interface SecretsState extends SecretsArgs {
  clientConfiguration?: pulumi.Input<inputs.machine.ClientConfiguration | undefined>;
  machineSecrets?: pulumi.Input<inputs.machine.MachineSecretsArgs | undefined>;
}
