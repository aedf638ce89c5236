import * as pulumi from "@pulumi/pulumi";
import { invokeOptions } from "../plugin";
import type * as outputs from "../types/output";
import type { InputsOf } from "../types/shape";

const token = "talos:imageFactory/getUrls:getUrls";

/**
 * Addresses of everything the image factory serves for a schematic.
 *
 * They are formatted, not looked up: a schematic that was never registered, or a version that
 * does not exist, shows only when a machine asks for the image.
 */
export function getUrls(args: GetUrlsArgs, options?: pulumi.InvokeOptions): Promise<GetUrlsResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(options));
}

/** {@link getUrls} for arguments that are outputs of resources. */
export function getUrlsOutput(
  args: GetUrlsOutputArgs,
  options?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetUrlsResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOptions(options));
}

function properties(args: GetUrlsArgs | GetUrlsOutputArgs): pulumi.Inputs {
  return {
    architecture: args.architecture,
    platform: args.platform,
    sbc: args.sbc,
    schematicId: args.schematicId,
    talosVersion: args.talosVersion,
  } satisfies { [Name in keyof Required<GetUrlsArgs>]: unknown };
}

export interface GetUrlsArgs {
  /**
   * Processor architecture: `amd64` or `arm64`. Defaults to `amd64`.
   *
   * @default "amd64"
   */
  architecture?: string;
  /** Platform the images are for, such as `metal` or `nocloud`. Either this or `sbc` is given. */
  platform?: string;
  /** Single-board computer the images are for, such as `rpi_generic`. Excludes `platform`. */
  sbc?: string;
  /** Id of the schematic, from `Schematic`. */
  schematicId: string;
  /** Talos version of the images, such as `v1.12.0`. */
  talosVersion: string;
}

export type GetUrlsOutputArgs = InputsOf<GetUrlsArgs>;

/** The arguments, as given, and what came of them. */
export interface GetUrlsResult {
  readonly architecture: string;
  readonly id: string;
  readonly platform?: string;
  readonly sbc?: string;
  readonly schematicId: string;
  readonly talosVersion: string;
  readonly urls: outputs.imageFactory.GetUrlsUrls;
}
