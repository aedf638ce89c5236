import { mainDocumentKey } from "./document-key";
import { hostnameReason, kubernetesImagePaths, ownedFields } from "./owned-fields";
import type { PatchDocument } from "./patch";
import { isDelete, valueAt } from "./patch-value";
import { variablesIn } from "./patch-variables";
import type { Problem } from "./problem";

/** What a document sets that follows from the cluster's own settings, whichever machine it reaches. */
export function checkOwned(document: PatchDocument): Problem[] {
  const { path, key, value } = document;
  if (key !== mainDocumentKey)
    return key.split("/")[0] === "HostnameConfig"
      ? [{ path, text: `holds a HostnameConfig. ${hostnameReason}` }]
      : [];
  return ownedFields.flatMap((field) => {
    const set = valueAt(value, field.path.split("."));
    if (set === undefined || isDelete(set)) return [];
    const text = `sets ${field.path}. ${isOldInstaller(set) ? oldInstaller : ""}${field.reason}`;
    return [{ path, text }];
  });
}

const oldInstaller = "ghcr.io/siderolabs/installer is not published from Talos v1.14 on. ";

function isOldInstaller(image: unknown): boolean {
  return typeof image === "string" && /^ghcr\.io\/siderolabs\/installer(:|@|$)/.test(image);
}

/** An image of a Kubernetes component that a document sets. */
export interface KubernetesImage {
  readonly path: string;
  /** Reference as it was written: variables are not filled, for it is shown. */
  readonly written: string;
  /** None when there is none, or when it cannot be told before the run. */
  readonly tag?: string;
}

/** Images of Kubernetes components that a document sets, from its filled content. */
export function kubernetesImages(document: PatchDocument, filled: unknown): KubernetesImage[] {
  if (document.key !== mainDocumentKey) return [];
  return kubernetesImagePaths.flatMap((path) => {
    const image = valueAt(filled, path.split("."));
    if (typeof image !== "string" || variablesIn(image).length > 0) return [];
    const written = String(valueAt(document.value, path.split(".")));
    return [{ path, written, tag: tagOf(image) }];
  });
}

function tagOf(image: string): string | undefined {
  const [name = ""] = image.split("@");
  return /:([^:/]+)$/.exec(name)?.[1];
}

/** What is wrong with an image of a Kubernetes component on a cluster that runs this version: a registry of one's own is fine. */
export function imageText(image: KubernetesImage, kubernetesVersion: string): string | undefined {
  const { path, written, tag } = image;
  if (tag === kubernetesVersion || kubernetesVersion === "" || written === "") return undefined;
  if (tag === undefined)
    return written.includes("@")
      ? undefined
      : `sets ${path} to "${written}", which has no tag. Give it the tag of kubernetesVersion, ${kubernetesVersion}.`;
  return `sets ${path} to "${written}", and kubernetesVersion is ${kubernetesVersion}. Change the version there, and keep the tag of the image in step with it.`;
}
