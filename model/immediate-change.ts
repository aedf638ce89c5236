import { withoutNull } from "./canonical-value";
import { valueDifferences, type Documents } from "./config-difference";
import { mainDocumentKey } from "./document-key";
import { isMapping } from "./patch-value";
import { compareMinors, minorOf } from "./versions";

/**
 * Places of the main document that Talos before 1.14 changes without a reboot; every other document kind is changed so.
 *
 * The same in 1.12 and 1.13: `CanApplyImmediate` of machined.
 */
export const immediatePaths: readonly string[] = [
  "debug",
  "cluster",
  "machine.ca",
  "machine.acceptedCAs",
  "machine.time",
  "machine.certSANs",
  "machine.install",
  "machine.network",
  "machine.sysfs",
  "machine.sysctls",
  "machine.logging",
  "machine.controlPlane",
  "machine.kubelet",
  "machine.kernel",
  "machine.registries",
  "machine.pods",
  "machine.seccompProfiles",
  "machine.nodeAnnotations",
  "machine.nodeLabels",
  "machine.nodeTaints",
  "machine.features.kubernetesTalosAPIAccess",
  "machine.features.kubePrism",
  "machine.features.hostDNS",
  "machine.features.imageCache",
  "machine.features.nodeAddressSortAlgorithm",
];

/**
 * Places of the main document whose change makes a running machine reboot; none when the change is immediate.
 *
 * An empty map is not the same as none here, as it is not to Talos: a machine that gets its first `features` reboots,
 * whatever they are. From Talos 1.14 no change of a config reboots a machine.
 */
export function rebootReasons(
  before: Documents,
  after: Documents,
  runningTalosVersion?: string,
): string[] {
  if (runningTalosVersion !== undefined && compareMinors(minorOf(runningTalosVersion), "1.14") >= 0)
    return [];
  let [old, now] = [mainDocument(before), mainDocument(after)];
  for (const path of immediatePaths) [old, now] = withoutBoth(old, now, path.split("."));
  return valueDifferences("", old, now).map(({ path }) => path);
}

type Mapping = Readonly<Record<string, unknown>>;

function mainDocument(documents: Documents): Mapping {
  const document: unknown =
    documents instanceof Map
      ? documents.get(mainDocumentKey)
      : own(documents as Mapping, mainDocumentKey);
  const value = withoutNull(document);
  return isMapping(value) ? value : {};
}

/** Both documents without a place; unchanged where one of them lacks the map that holds it. */
function withoutBoth(before: Mapping, after: Mapping, path: readonly string[]): [Mapping, Mapping] {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return [without(before, key), without(after, key)];
  const [old, now] = [own(before, key), own(after, key)];
  if (!isMapping(old) || !isMapping(now)) return [before, after];
  const [oldRest, nowRest] = withoutBoth(old, now, rest);
  return [
    { ...before, [key]: oldRest },
    { ...after, [key]: nowRest },
  ];
}

function without(map: Mapping, key: string): Mapping {
  return Object.fromEntries(Object.entries(map).filter(([each]) => each !== key));
}

function own(map: Mapping, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
