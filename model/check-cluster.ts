import { endpointProblem } from "./addresses";
import { checkNodes } from "./check-nodes";
import { checkPatches } from "./check-patches";
import type { ClusterInput } from "./cluster-input";
import { isKnown } from "./deferred";
import type { Findings, Problem } from "./problem";
import { checkPins } from "./versions";

/** Everything wrong with a cluster's input, all at once. Never throws. */
export function checkCluster(input: ClusterInput): Findings {
  const nodes = checkNodes(input.nodes);
  const names = input.nodes.flatMap((node) => (node.name === undefined ? [] : [node.name]));
  return {
    problems: [
      ...checkClusterName(input.clusterName),
      ...checkEndpoint(input.endpoint),
      ...checkPins(input),
      ...checkImageFactory(input.imageFactory),
      ...nodes.problems,
      ...checkPatches(input.patches, names),
    ],
    warnings: nodes.warnings,
  };
}

function checkClusterName(name: string | undefined): Problem[] {
  const path = "clusterName";
  if (name === undefined || name === "")
    return [{ path, text: "is missing. Give the cluster's name, for example talos." }];
  if (/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name)) return [];
  return [
    {
      path,
      text: `"${name}" cannot name a cluster. Use up to 63 lower-case letters, digits, dots and hyphens.`,
    },
  ];
}

function checkEndpoint(endpoint: ClusterInput["endpoint"]): Problem[] {
  const path = "endpoint";
  if (endpoint === undefined || endpoint === "") {
    return [
      {
        path,
        text: "is missing. Give the address of the Kubernetes API, for example https://192.168.1.100:6443.",
      },
    ];
  }
  const text = isKnown(endpoint) ? endpointProblem(endpoint) : undefined;
  return text === undefined ? [] : [{ path, text }];
}

function checkImageFactory(factory: string | undefined): Problem[] {
  if (factory === undefined || /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9./_-]+)?$/.test(factory)) return [];
  return [
    {
      path: "imageFactory",
      text: `"${factory}" is not a registry. Give host and port without a scheme, for example factory.talos.dev.`,
    },
  ];
}
