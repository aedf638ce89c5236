/** Key of the document that has neither apiVersion nor kind: the oldest and biggest one. */
export const mainDocumentKey = "v1alpha1";

/**
 * What tells the documents of one machine config apart: `v1alpha1`, `HostnameConfig`, `LinkConfig/eth0`.
 *
 * Talos merges a patch's document into the one with the same kind and name.
 */
export function documentKey(document: unknown): string {
  const { kind, name } = (document ?? {}) as { readonly kind?: unknown; readonly name?: unknown };
  if (typeof kind !== "string" || kind === "") return mainDocumentKey;
  return typeof name === "string" && name !== "" ? `${kind}/${name}` : kind;
}
