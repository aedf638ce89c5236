import * as pulumi from "@pulumi/pulumi";
import { invokeOptions } from "../plugin";
import type * as inputs from "../types/input";
import type * as outputs from "../types/output";
import type { InputsOf } from "../types/shape";

const token = "talos:machine/getConfiguration:getConfiguration";

/**
 * The configuration of one machine type, generated from a cluster's secrets.
 *
 * Contacts no machine and gives the same bytes for the same arguments, so it runs in previews
 * too. It is not validated: only the machine does that, when it is applied.
 */
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
    clusterEndpoint: args.clusterEndpoint,
    clusterName: args.clusterName,
    configPatches: args.configPatches,
    docs: args.docs,
    examples: args.examples,
    kubernetesVersion: args.kubernetesVersion,
    machineSecrets: args.machineSecrets,
    machineType: args.machineType,
    talosVersion: args.talosVersion,
  } satisfies { [Name in keyof Required<GetConfigurationArgs>]: unknown };
}

export interface GetConfigurationArgs {
  /** Address of the Kubernetes API, such as `https://10.0.0.1:6443`. The scheme must be https. */
  clusterEndpoint: string;
  /** Name of the cluster. */
  clusterName: string;
  /**
   * Patches merged into the configuration in this order, YAML or JSON. None by default.
   *
   * JSON patches (RFC 6902) fail when `talosVersion` is 1.12 or newer: such a configuration has
   * several documents.
   *
   * @default []
   */
  configPatches?: string[];
  /**
   * Whether fields carry comments that explain them. Defaults to false.
   *
   * @default false
   */
  docs?: boolean;
  /**
   * Whether commented examples are added. Defaults to false.
   *
   * @default false
   */
  examples?: boolean;
  /**
   * Version of Kubernetes, such as `v1.35.3`. Defaults to `1.36.0`, the newest the plugin knows,
   * so a newer plugin would upgrade a cluster that leaves it out.
   *
   * @default "1.36.0"
   */
  kubernetesVersion?: string;
  /** Secrets of the cluster, from `Secrets`. */
  machineSecrets: inputs.machine.MachineSecrets;
  /** Role of the machine: `controlplane` or `worker`. */
  machineType: string;
  /**
   * Version contract that says which documents and fields are written, such as `v1.12`. Defaults
   * to the newest one the plugin knows, `v1.13`, which older machines may not understand.
   *
   * It does not set the installed version: `machine.install.image` does, and that is the
   * plugin's own version until a patch says otherwise.
   *
   * @default "v1.13"
   */
  talosVersion?: string;
}

export type GetConfigurationOutputArgs = InputsOf<GetConfigurationArgs>;

/** The arguments, as given, and what came of them. */
export interface GetConfigurationResult {
  readonly clusterEndpoint: string;
  readonly clusterName: string;
  readonly configPatches?: string[];
  readonly docs?: boolean;
  readonly examples?: boolean;
  readonly id: string;
  readonly kubernetesVersion?: string;
  /** Configuration as YAML, several documents from Talos 1.12 on. Secret. */
  readonly machineConfiguration: string;
  readonly machineSecrets: outputs.machine.MachineSecrets;
  readonly machineType: string;
  readonly talosVersion?: string;
}
