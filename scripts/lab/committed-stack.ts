import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

export const projectName = "talos-cluster";
export const stackName = "lab";
export const stackConfigFile = `Pulumi.${stackName}.yaml`;

const stackConfigSchema = z.looseObject({
  encryptionsalt: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
});
const nodesSchema = z.looseObject({
  nodes: z
    .array(
      z.looseObject({
        address: z.string(),
        controller: z.boolean().optional(),
        installDisk: z.string(),
      }),
    )
    .min(1),
});

/** Stack config as in Pulumi.<stack>.yaml. */
export type StackConfig = z.infer<typeof stackConfigSchema>;

/** The stack `lab` as it is committed, or as a person has edited it since. */
export interface CommittedStack {
  readonly config: StackConfig;
  readonly talosVersion: string;
  readonly kubernetesVersion: string;
  /** Address of the Kubernetes API. */
  readonly endpoint: string;
  readonly controllers: readonly string[];
  readonly workers: readonly string[];
  /** Disk the first machine is installed on; generated machines use it too. */
  readonly installDisk: string;
}

/** Reads Pulumi.lab.yaml and nodes/lab.yaml. Throws when a file is missing or holds no such thing. */
export function readCommittedStack(root: string): CommittedStack {
  const config = read(join(root, stackConfigFile), stackConfigSchema);
  const { nodes } = read(join(root, "nodes", `${stackName}.yaml`), nodesSchema);
  const value = (key: string) => {
    const found = config.config[`${projectName}:${key}`];
    if (typeof found !== "string" || found === "")
      throw new Error(
        `${stackConfigFile}: ${projectName}:${key} is missing. The lab takes its default from it.`,
      );
    return found;
  };
  return {
    config,
    talosVersion: value("talosVersion"),
    kubernetesVersion: value("kubernetesVersion"),
    endpoint: new URL(value("endpoint")).hostname,
    controllers: nodes.filter((node) => node.controller === true).map((node) => node.address),
    workers: nodes.filter((node) => node.controller !== true).map((node) => node.address),
    installDisk: nodes[0]?.installDisk ?? "",
  };
}

function read<T>(path: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parse(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
}
