import * as pulumi from "@pulumi/pulumi";
import { hasPulumiType, resourceInputs, resourceOptions, type ResourceShape } from "../plugin";

const shape: ResourceShape<SchematicArgs, SchematicState> = {
  inputs: { schematic: "optional" },
  outputs: {},
};

/**
 * A schematic registered with the image factory. Its `id`, the hash of its content, names the
 * images it makes.
 *
 * The factory serves only registered schematics and keeps them for good: deletion does nothing.
 */
export class Schematic extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "talos:imageFactory/schematic:Schematic";

  /** An existing Schematic, looked up by name and id. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: SchematicState,
    options?: pulumi.CustomResourceOptions,
  ): Schematic {
    return new Schematic(name, state, { ...options, id });
  }

  /** Whether a value is a Schematic, whichever copy of this package made it. */
  public static override isInstance(value: unknown): value is Schematic {
    return hasPulumiType(value, Schematic.__pulumiType);
  }

  /** The schematic, as given. */
  declare public readonly schematic: pulumi.Output<string | undefined>;

  constructor(name: string, args?: SchematicArgs, options?: pulumi.CustomResourceOptions);
  constructor(name: string, values?: SchematicArgs, options: pulumi.CustomResourceOptions = {}) {
    const token = Schematic.__pulumiType;
    const properties = resourceInputs(shape, { token, name, values, options });
    super(token, name, properties, resourceOptions(shape, options));
  }
}

export interface SchematicArgs {
  /**
   * Schematic as YAML: system extensions, kernel arguments, overlay. Defaults to plain Talos.
   *
   * The id is a hash of the content and the order of lists counts: sort the extensions.
   */
  schematic?: pulumi.Input<string | undefined>;
}

export type SchematicState = SchematicArgs;
