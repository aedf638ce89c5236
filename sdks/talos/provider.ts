import * as pulumi from "@pulumi/pulumi";
import { hasPulumiType, providerOptions } from "./plugin";

/**
 * A talos provider with settings of its own. Without one, resources use the stack's
 * configuration (`talos:imageFactoryUrl`).
 */
export class Provider extends pulumi.ProviderResource {
  /** @internal */
  public static readonly __pulumiType = "talos";

  /** Whether a value is a Provider, whichever copy of this package made it. */
  public static override isInstance(value: unknown): value is Provider {
    return hasPulumiType(value, `pulumi:providers:${Provider.__pulumiType}`);
  }

  /** Address of the image factory, as given. */
  declare public readonly imageFactoryUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args?: ProviderArgs, options?: pulumi.ResourceOptions) {
    const inputs = { imageFactoryUrl: args?.imageFactoryUrl };
    super(Provider.__pulumiType, name, inputs, providerOptions(options));
  }
}

export interface ProviderArgs {
  /**
   * Address of the image factory that serves schematics and installer images. Defaults to the
   * public one, https://factory.talos.dev.
   *
   * The plugin's machine must reach it to register a `Schematic`; URLs are only formatted from it.
   *
   * @default "https://factory.talos.dev"
   */
  imageFactoryUrl?: pulumi.Input<string | undefined>;
}
