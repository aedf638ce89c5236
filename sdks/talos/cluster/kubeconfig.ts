import * as pulumi from "@pulumi/pulumi";
import { hasPulumiType, resourceInputs, resourceOptions, type ResourceShape } from "../plugin";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";

const shape: ResourceShape<KubeconfigArgs, KubeconfigState> = {
  inputs: {
    certificateRenewalDuration: "optional",
    clientConfiguration: "required",
    endpoint: "optional",
    node: "required",
    timeouts: "optional",
  },
  // The connection details are not a whole secret: the plugin marks the key in them.
  outputs: { kubeconfigRaw: "secret", kubernetesClientConfiguration: "plain" },
};

/**
 * The administrator's kubeconfig, fetched from a controller and kept in the state.
 *
 * Fetched again only by an update that finds its certificate about to expire: a changed endpoint
 * of the cluster does not show up by itself.
 */
export class Kubeconfig extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:cluster/kubeconfig:Kubeconfig";

  /** An existing Kubeconfig, looked up by name and id. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: KubeconfigState,
    options?: pulumi.CustomResourceOptions,
  ): Kubeconfig {
    return new Kubeconfig(name, state as KubeconfigArgs, { ...options, id });
  }

  /** Whether a value is a Kubeconfig, whichever copy of this package made it. */
  public static override isInstance(value: unknown): value is Kubeconfig {
    return hasPulumiType(value, Kubeconfig.__pulumiType);
  }

  /** How long before its expiry the certificate is renewed. */
  declare public readonly certificateRenewalDuration: pulumi.Output<string>;
  /** Client configuration, as given. */
  declare public readonly clientConfiguration: pulumi.Output<outputs.cluster.KubeconfigClientConfiguration>;
  /** Address the plugin connected to. */
  declare public readonly endpoint: pulumi.Output<string>;
  /** The kubeconfig as YAML. Secret. */
  declare public readonly kubeconfigRaw: pulumi.Output<string>;
  /** The parts of the kubeconfig. Secret because of its key. */
  declare public readonly kubernetesClientConfiguration: pulumi.Output<outputs.cluster.KubeconfigKubernetesClientConfiguration>;
  /** Address of the controller that was asked. */
  declare public readonly node: pulumi.Output<string>;
  /** Longest times, as given. */
  declare public readonly timeouts: pulumi.Output<outputs.cluster.KubeconfigTimeouts | undefined>;

  constructor(name: string, args: KubeconfigArgs, options?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    values?: KubeconfigArgs | KubeconfigState,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const token = Kubeconfig.__pulumiType;
    const properties = resourceInputs(shape, { token, name, values, options });
    super(token, name, properties, resourceOptions(shape, options));
  }
}

export interface KubeconfigArgs {
  /**
   * How long before its expiry the certificate is renewed, as a Go duration. Defaults to 720
   * hours, 30 days.
   *
   * Only an update renews: with none in that time, the certificate runs out.
   *
   * @default "720h"
   */
  certificateRenewalDuration?: pulumi.Input<string | undefined>;
  /** Client certificate for the Talos API, from `Secrets`. */
  clientConfiguration: pulumi.Input<inputs.cluster.KubeconfigClientConfiguration>;
  /** Address to connect to, with an optional port. Defaults to `node`. */
  endpoint?: pulumi.Input<string | undefined>;
  /** Address of a controller. A worker has no kubeconfig to give. */
  node: pulumi.Input<string>;
  /** Longest times for create and update. Defaults to 10 minutes each. */
  timeouts?: pulumi.Input<inputs.cluster.KubeconfigTimeouts | undefined>;
}

export interface KubeconfigState extends Partial<KubeconfigArgs> {
  kubeconfigRaw?: pulumi.Input<string | undefined>;
  kubernetesClientConfiguration?: pulumi.Input<
    inputs.cluster.KubeconfigKubernetesClientConfiguration | undefined
  >;
}
