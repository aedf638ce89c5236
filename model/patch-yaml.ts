import { parseAllDocuments, type Document } from "yaml";

const options = {
  // Every scalar stays as it was written: 0644, yes and 1e3 mean to Go's parser what they mean there.
  schema: "failsafe",
  merge: true,
  uniqueKeys: true,
  // The parser's warnings quote the text, which may hold a secret.
  logLevel: "error",
} as const;

/** Documents of a patch text, faulty ones too. */
export function patchYamlDocuments(text: string): Document[] {
  return [...parseAllDocuments(text, options)];
}

/** The text of a document, each scalar as it was written. */
export function patchYamlText(document: Document): string {
  return document.toString({ lineWidth: 0, directives: false });
}
