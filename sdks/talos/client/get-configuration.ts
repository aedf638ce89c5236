import * as pulumi from "@pulumi/pulumi";
import { invokeOptions } from "../plugin";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";
import type { InputsOf } from "../types/shape";

const token = "talos:client/getConfiguration:getConfiguration";

/** A talosconfig, the file talosctl reads. Contacts no machine, so it runs in previews too. */
export function getConfiguration(
  args: GetConfigurationArgs,
  options?: pulumi.InvokeOptions,
): Promise<GetConfigurationResult> {
  return pulumi.runtime.invoke(token, properties(args), invokeOptions(options));
}

/** {@link getConfiguration} for arguments that are outputs of resources. */
export function getConfigurationOutput(
  args: GetConfigurationOutputArgs,
  options?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetConfigurationResult> {
  return pulumi.runtime.invokeOutput(token, properties(args), invokeOptions(options));
}

function properties(args: GetConfigurationArgs | GetConfigurationOutputArgs): pulumi.Inputs {
  return {
    clientConfiguration: args.clientConfiguration,
    clusterName: args.clusterName,
    endpoints: args.endpoints,
    nodes: args.nodes,
  } satisfies { [Name in keyof Required<GetConfigurationArgs>]: unknown };
}

export interface GetConfigurationArgs {
  /** Client certificate for the Talos API, from `Secrets`. */
  clientConfiguration: inputs.client.GetConfigurationClientConfiguration;
  /** Name of the cluster, and of the context in the file. */
  clusterName: string;
  /**
   * Addresses talosctl connects to. None by default: talosctl then needs `--endpoints`.
   *
   * Name controllers here: they pass requests on to every other machine.
   *
   * @default []
   */
  endpoints?: string[];
  /**
   * Addresses a command is meant for. None by default: talosctl then needs `--nodes`.
   *
   * @default []
   */
  nodes?: string[];
}

export type GetConfigurationOutputArgs = InputsOf<GetConfigurationArgs>;

/** The arguments, as given, and what came of them. */
export interface GetConfigurationResult {
  readonly clientConfiguration: outputs.client.GetConfigurationClientConfiguration;
  readonly clusterName: string;
  readonly endpoints?: string[];
  readonly id: string;
  readonly nodes?: string[];
  /** The talosconfig as YAML. Secret. */
  readonly talosConfig: string;
}
