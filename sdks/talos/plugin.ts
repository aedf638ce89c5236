import * as pulumi from "@pulumi/pulumi";

// Written out rather than read from package.json: a bundled or compiled copy has no package.json
// beside it. tests/sdk holds all of them equal.
export const pluginVersion = "0.8.1";
const pluginDownloadURL = "github://api.github.com/pulumiverse";

const pluginOptions = { version: pluginVersion, pluginDownloadURL };

/** `required` refuses a missing value; `secret` is encrypted on the way in and in the state. */
type InputKind = "required" | "optional" | "secret";
type OutputKind = "plain" | "secret";

/** Every property of a resource, exhaustively: the compiler refuses a missing or misspelt one. */
export interface ResourceShape<Args, State> {
  readonly inputs: { readonly [Name in keyof Args]-?: InputKind };
  readonly outputs: { readonly [Name in Exclude<keyof State, keyof Args>]-?: OutputKind };
}

interface Registration {
  readonly token: string;
  readonly name: string;
  /** Arguments of a new resource, or the known state of one that is looked up by id. */
  readonly values: object | undefined;
  readonly options: pulumi.CustomResourceOptions;
}

/** What a resource hands to `CustomResource`: its properties, outputs among them as undefined. */
export function resourceInputs<Args, State>(
  shape: ResourceShape<Args, State>,
  registration: Registration,
): pulumi.Inputs {
  const values: Record<string, unknown> = { ...registration.values };
  const inputs = Object.entries<InputKind>(shape.inputs);
  const outputs = Object.keys(shape.outputs);
  if (registration.options.id !== undefined) {
    return pick(values, [...inputs.map(([name]) => name), ...outputs]);
  }
  const properties: pulumi.Inputs = {};
  for (const [name, kind] of inputs) {
    const value = values[name];
    // A resource rehydrated from its URN takes its values from the engine.
    if (kind === "required" && value === undefined && !registration.options.urn) {
      throw new Error(missingProperty(registration, name));
    }
    properties[name] = kind === "secret" && value !== undefined ? pulumi.secret(value) : value;
  }
  return { ...properties, ...pick({}, outputs) };
}

/** The resource options with the plugin that serves the resource, and its secret outputs. */
export function resourceOptions<Args, State>(
  shape: ResourceShape<Args, State>,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const kinds = Object.entries<InputKind | OutputKind>({ ...shape.inputs, ...shape.outputs });
  const additionalSecretOutputs = kinds
    .filter(([, kind]) => kind === "secret")
    .map(([name]) => name);
  const defaults = pulumi.mergeOptions(pluginOptions, options);
  if (additionalSecretOutputs.length === 0) return defaults;
  return pulumi.mergeOptions(defaults, { additionalSecretOutputs: additionalSecretOutputs.sort() });
}

export function providerOptions(
  options: pulumi.ResourceOptions | undefined,
): pulumi.ResourceOptions {
  return pulumi.mergeOptions(pluginOptions, options);
}

export function invokeOptions(options: pulumi.InvokeOptions | undefined): pulumi.InvokeOptions {
  return pulumi.mergeOptions(pluginOptions, options);
}

/** Tells resources of one class apart even when two copies of a package are loaded. */
export function hasPulumiType(value: unknown, pulumiType: string): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "__pulumiType" in value &&
    value.__pulumiType === pulumiType
  );
}

function pick(values: Record<string, unknown>, names: readonly string[]): pulumi.Inputs {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

function missingProperty(registration: Registration, property: string): string {
  return `${registration.token} "${registration.name}": required property '${property}' is missing. Pass it in the arguments.`;
}
