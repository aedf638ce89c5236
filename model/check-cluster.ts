import semver from "semver";
import { endpointProblem } from "./addresses";
import { checkNodes, nodePath } from "./check-nodes";
import { checkPatches, type PatchTarget } from "./check-patches";
import { checkRollout } from "./check-rollout";
import { checkSchematic } from "./check-schematic";
import type { ClusterInput, NodeInput, NodeSettingsInput } from "./cluster-input";
import { deferred, isKnown } from "./deferred";
import { unsupportedNetwork } from "./documents/unsupported-network";
import { factPlaces } from "./fact-places";
import { imageFactoryProblem } from "./image-factory";
import { applyDefaults, layerPath } from "./node-defaults";
import { mergeFindings, type Findings, type Problem } from "./problem";
import { resolveCluster } from "./resolve";
import { checkPins, type NodePin } from "./versions";

/** Everything wrong with a cluster's input, all at once. Never throws. */
export function checkCluster(input: ClusterInput): Findings {
  const merged = applyDefaults(input.nodes, input.defaults);
  const nodes = checkNodes(input.nodes, input);
  return mergeFindings([
    {
      problems: [
        ...checkClusterName(input.clusterName),
        ...checkEndpoint(input.endpoint),
        ...checkPins(
          input,
          merged.flatMap((node, index) => pinOf(node, index, input)),
        ),
        ...checkImageFactory(input.imageFactory?.url),
        ...checkNetworkForms(input),
        ...checkRollout(input),
      ],
      warnings: [],
    },
    nodes,
    ...merged.map((node, index) => checkImage(node, index, input)),
    checkPatches(
      input.patches,
      patchTargets(input, nodes.problems.length === 0 && !merged.some(hasGaps)),
      input.patchVariables ?? {},
    ),
  ]);
}

/** What is wrong with a machine's image. A fault of a schematic in the defaults is told there, and so only once. */
function checkImage(node: NodeInput, index: number, input: ClusterInput): Findings {
  const path = nodePath(node, index);
  const layer = layerPath("schematic", input.nodes[index] ?? node, path, input.defaults);
  const place = (problem: Problem): Problem =>
    problem.path.startsWith(`${path}.schematic.`)
      ? { ...problem, path: `${layer}${problem.path.slice(path.length)}` }
      : problem;
  const { problems, warnings } = checkSchematic(
    path,
    node,
    node.talosVersion ?? input.talosVersion,
    input.imageFactory?.register ?? true,
  );
  return { problems: problems.map(place), warnings: warnings.map(place) };
}

/** A machine's own pin. One that comes from the defaults and is no release at all is said there, once. */
function pinOf(node: NodeInput, index: number, { nodes }: ClusterInput): NodePin[] {
  const { talosVersion } = node;
  if (talosVersion === undefined) return [];
  const isOwn = nodes[index]?.talosVersion !== undefined;
  return isOwn || semver.valid(talosVersion) !== null
    ? [{ path: `${nodePath(node, index)}.talosVersion`, talosVersion }]
    : [];
}

/** What somebody wrote about links, and the configs of this contract cannot say; a default once, where it stands. */
function checkNetworkForms({ nodes, defaults, versionContract = "" }: ClusterInput): Problem[] {
  if (!/^v1\.\d+$/.test(versionContract)) return [];
  const written: (readonly [string, NodeSettingsInput | undefined])[] = [
    ...nodes.map((node, index) => [nodePath(node, index), node] as const),
    ...(["all", "controllers", "workers"] as const).map(
      (layer) => [`defaults.${layer}`, defaults?.[layer]] as const,
    ),
  ];
  return written.flatMap(([path, settings]) =>
    settings?.networkInterfaces === undefined || holdsDeferred(settings.networkInterfaces)
      ? []
      : unsupportedNetwork(
          `${path}.networkInterfaces`,
          settings.networkInterfaces,
          versionContract,
        ),
  );
}

/** Machines as patches meet them. Where a machine is faulty, nothing is said of what its facts are. */
function patchTargets(input: ClusterInput, sound: boolean): PatchTarget[] {
  const { controllers, workers, versionContract, kubernetesVersion } = resolveCluster(input);
  return [...controllers, ...workers].map((node) => ({
    name: node.name,
    role: node.role,
    talosVersion: node.talosVersion,
    versionContract,
    kubernetesVersion,
    ...(sound ? factPlaces(node, versionContract) : { factKeys: [] }),
    patches: node.patches,
  }));
}

/** Fields that may be known only during the run. */
const late = new Set(["address", "installDisk", "patches"]);

/** Whether something of a machine could not be read: {@link deferred} stands where only a value given now is possible. */
function hasGaps(node: NodeInput): boolean {
  return Object.entries(node).some(([key, value]) => !late.has(key) && holdsDeferred(value));
}

function holdsDeferred(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === deferred;
  return Object.values(value).some(holdsDeferred);
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

function checkImageFactory(url: string | undefined): Problem[] {
  const text = url === undefined ? undefined : imageFactoryProblem(url);
  return text === undefined ? [] : [{ path: "imageFactory.url", text }];
}
