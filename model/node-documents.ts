import type { NodeSpec } from "./cluster-spec";
import { contractForms } from "./documents/contract-forms";
import { encryptionDocuments } from "./documents/disk-encryption";
import { documentText, type Content } from "./documents/document";
import { hostNetworkDocuments, hostNetworkFields } from "./documents/host-network";
import { installDocument } from "./documents/install";
import { metadataDocuments } from "./documents/node-metadata";

/** What a machine's documents need beyond its own facts. */
export interface DocumentFacts {
  /** Talos minor whose form the documents take, for example `v1.12`. */
  readonly versionContract: string;
  /** Disk to install to; none when a selector chooses it. Passed apart: it may be known only during the run. */
  readonly installDisk?: string;
}

/**
 * Documents that state a machine's own facts, one YAML text each, in the form its contract wants.
 *
 * Their order is fixed, their number does not depend on `installDisk`, and each fact stands in one of them only: no
 * default of the plugin reaches a machine. All that belongs to the main document is in the first one: a label that is added
 * then moves no other entry of the list, which a preview would show as changed too.
 */
export function nodeDocuments(node: NodeSpec, facts: DocumentFacts): readonly string[] {
  return nodeContents(node, facts).map(documentText);
}

/** The same documents before they are written. */
export function nodeContents(node: NodeSpec, facts: DocumentFacts): readonly Content[] {
  const forms = contractForms(facts.versionContract);
  return withOneMainDocument([
    installDocument(node, facts.installDisk),
    ...(forms.networkDocuments
      ? hostNetworkDocuments(node)
      : hostNetworkFields(node, forms.permanentAddress)),
    ...(node.diskKey === undefined ? [] : encryptionDocuments(node.diskKey, forms.volumeDocuments)),
    ...metadataDocuments(node),
  ]);
}

function withOneMainDocument(contents: readonly Content[]): Content[] {
  const isMain = (content: Content): boolean => content.kind === undefined;
  return [
    contents.filter(isMain).reduce(merged),
    ...contents.filter((content) => !isMain(content)),
  ];
}

function merged(first: Content, second: Content): Content {
  const result: Record<string, Content[string]> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    result[key] = isMapping(before) && isMapping(value) ? merged(before, value) : value;
  }
  return result;
}

function isMapping(value: Content[string]): value is Content {
  return typeof value === "object" && !Array.isArray(value);
}
