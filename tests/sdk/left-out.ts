/** What the official package has and ours leaves out on purpose: nothing of ours calls it. */
export const leftOutFunctions = [
  "talos:cluster/getHealth:getHealth",
  "talos:cluster/getKubeconfig:getKubeconfig",
  "talos:imageFactory/getExtensionsVersions:getExtensionsVersions",
  "talos:imageFactory/getOverlaysVersions:getOverlaysVersions",
  "talos:imageFactory/getVersions:getVersions",
  "talos:machine/getDisks:getDisks",
];

/** Path of an official resource or function below `@pulumiverse/talos`. */
export function pathOf(declared: { module: string; name: string }): string {
  return declared.module === "" ? declared.name : `${declared.module}.${declared.name}`;
}
