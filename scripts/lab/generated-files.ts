import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { projectName, type CommittedStack, type StackConfig } from "./committed-stack";
import type { LabDirectory } from "./lab-directory";
import type { LabPlan } from "./lab-plan";

/** Writes the nodes file and the stack config of a lab that is not the committed one. */
export function writeGeneratedFiles(
  directory: LabDirectory,
  plan: LabPlan,
  committed: CommittedStack,
): void {
  writeFileSync(directory.nodesFile, stringify(nodesOf(plan, committed.installDisk)));
  writeFileSync(
    directory.configFile,
    stringify(stackConfigOf(plan, committed.config, directory.nodesFile)),
  );
}

/** Machines by the names the committed stack gives them too. */
export function nodesOf(
  plan: Pick<LabPlan, "controllers" | "workers">,
  installDisk: string,
): { nodes: object[] } {
  const controllers = plan.controllers.map((address, index) => ({
    name: `controller-${index + 1}`,
    address,
    controller: true,
    installDisk,
  }));
  const workers = plan.workers.map((address, index) => ({
    name: `worker-${index + 1}`,
    address,
    installDisk,
  }));
  return { nodes: [...controllers, ...workers] };
}

/** The committed stack config with the lab's own values; its encryption salt stays, as the passphrase does. */
export function stackConfigOf(
  plan: LabPlan,
  committed: StackConfig,
  nodesFile: string,
): StackConfig {
  const own = {
    endpoint: `https://${plan.endpoint}:6443`,
    talosVersion: plan.talosVersion,
    kubernetesVersion: plan.kubernetesVersion,
    versionContract: /^v\d+\.\d+/.exec(plan.talosVersion)?.[0] ?? plan.talosVersion,
    nodesFile,
    ...plan.config,
  };
  const config: Record<string, unknown> = { ...committed.config };
  for (const [key, value] of Object.entries(own)) config[`${projectName}:${key}`] = value;
  return { ...committed, config };
}
