import type { Role } from "./cluster-spec";
import { mainDocumentKey } from "./document-key";
import { ownedFields } from "./owned-fields";
import type { PatchDocument } from "./patch";
import { isDelete, isMapping, writtenPath } from "./patch-value";
import type { Problem } from "./problem";

/** Path of something that a patch deletes; the empty path is the document itself. */
export type DeletePath = readonly (string | number)[];

/** What of a machine's config stands before a patch is merged. */
export interface StandingConfig {
  /** Keys of the documents. */
  readonly documents: ReadonlySet<string>;
  /** What the main document sets, two levels deep; none when that is not known. */
  readonly sections?: ReadonlySet<string>;
  readonly hostnameInMain: boolean;
}

/** Everything that a patch's content deletes. */
export function deletesIn(value: unknown, path: DeletePath = []): DeletePath[] {
  if (isDelete(value)) return [path];
  if (Array.isArray(value))
    return value.flatMap((item, index) => deletesIn(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, below]) => deletesIn(below, [...path, key]));
}

/** What is wrong with the orders to Talos in a document, whichever machine it reaches. */
export function checkDeleteForm(document: PatchDocument): Problem[] {
  const texts = [
    ...orderTexts(document.value, []),
    ...(document.key === mainDocumentKey ? ownedTexts(document) : []),
  ];
  return texts.map((text) => ({ path: document.path, text }));
}

function orderTexts(value: unknown, path: DeletePath): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => orderTexts(item, [...path, index]));
  if (!isMapping(value)) return [];
  if (isDelete(value)) return deleteTexts(value, path);
  const below = Object.entries(value).flatMap(([key, child]) => orderTexts(child, [...path, key]));
  if (!Object.hasOwn(value, "$patch")) return below;
  return [
    `holds a $patch at ${place(path)} that is not "delete". Talos knows no other: maps are merged, scalars replaced and lists appended without one.`,
    ...below,
  ];
}

function deleteTexts(value: Readonly<Record<string, unknown>>, path: DeletePath): string[] {
  const beside = Object.keys(value).filter((key) => key !== "$patch");
  if (typeof path[path.length - 1] === "number") {
    if (beside.length > 0) return [];
    return [
      `deletes an item of ${place(path.slice(0, -1))} without saying which. Write one key of the item and its value beside $patch, for example interface: eth0.`,
    ];
  }
  if (path.some((key) => typeof key === "number"))
    return [
      `deletes ${place(path)}, which is inside a list's item. Talos deletes items only whole: delete the item, and write it anew in a document after this one.`,
    ];
  const identity = ["apiVersion", "kind", "name"];
  const ignored = path.length === 0 ? beside.filter((key) => !identity.includes(key)) : beside;
  if (ignored.length === 0) return [];
  return [
    `has ${ignored.join(", ")} beside the $patch of ${place(path)}: Talos deletes and ignores the rest. Write it in a document after this one.`,
  ];
}

function ownedTexts({ value }: PatchDocument): string[] {
  return deletesIn(value).flatMap((path) => {
    if (path.length === 0)
      return ["deletes the main document, without which there is no config. Delete keys of it."];
    const written = writtenPath(path);
    const owned = ownedFields.find(
      (field) => isWithin(field.path, written) || isWithin(written, field.path),
    );
    // In documents of contracts from v1.12 on the host name stands elsewhere: see checkDeletes.
    if (owned === undefined || (owned.path === hostname && written === "machine.network"))
      return [];
    return [`deletes ${written}. ${owned.reason}`];
  });
}

const hostname = "machine.network.hostname";

function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`);
}

/** What of a document's deletes does not fit what a machine's config holds before it. */
export function checkDeletes(
  document: PatchDocument,
  key: string,
  deletes: readonly DeletePath[],
  standing: StandingConfig,
): Problem[] {
  const [first] = deletes;
  if (first === undefined) return [];
  const { path } = document;
  if (key !== mainDocumentKey) {
    if (standing.documents.has(key)) return [];
    const what = first.length === 0 ? document.key : `a part of ${document.key}`;
    return [
      {
        path,
        text: `deletes ${what}, and neither the base config nor an earlier patch brings ${document.key}. Talos would leave an empty document that no machine can read: take the patch out.`,
      },
    ];
  }
  return deletes.flatMap((each) => mainDeleteText(each, standing)).map((text) => ({ path, text }));
}

function mainDeleteText(path: DeletePath, standing: StandingConfig): string[] {
  const written = writtenPath(path);
  if (standing.hostnameInMain && written === "machine.network")
    return [`deletes ${written}, and the machine's host name with it. Delete keys of it.`];
  const section = writtenPath(path.slice(0, 2));
  if (path.length < 3 || standing.sections === undefined || standing.sections.has(section))
    return [];
  return [
    `deletes ${written}, and nothing before it sets ${section}. Talos refuses to delete below what is absent: take it out, or let it reach only machines that have it.`,
  ];
}

/**
 * What the base's main document sets, two levels deep, by role and contract; registries is always there to Talos.
 *
 * @see talosctl v1.13.0 gen config
 */
export function baseSections(role: Role, isBefore: (contract: string) => boolean): string[] {
  const both =
    "machine.type machine.token machine.ca machine.certSANs machine.kubelet machine.install machine.features " +
    "machine.registries cluster.id cluster.secret cluster.controlPlane cluster.clusterName cluster.network " +
    "cluster.token cluster.ca cluster.discovery";
  const controller =
    " machine.nodeLabels cluster.secretboxEncryptionSecret cluster.aggregatorCA cluster.serviceAccount " +
    "cluster.apiServer cluster.controllerManager cluster.proxy cluster.scheduler cluster.etcd";
  const network = isBefore("1.13") ? " machine.network" : "";
  return `${both}${network}${role === "controller" ? controller : ""}`.split(" ");
}

function place(path: DeletePath): string {
  return path.length === 0 ? "the document" : writtenPath(path);
}
