import { parseAllDocuments } from "yaml";
import { configYaml, documentsBySection, frozen } from "./config-sections";
import { documentKey, mainDocumentKey } from "./document-key";

/** Documents of a machine config by their key: the main one first, the others in the order of their keys. */
export type ConfigDocuments = ReadonlyMap<string, unknown>;

/**
 * Documents of a rendered machine config.
 *
 * Values are frozen. A text that cannot be read is an error that quotes nothing of it.
 */
export function parseMachineConfig(text: string): ConfigDocuments {
  const documents = (documentsBySection(text) ?? asAWhole(text)).filter(
    (document) => document !== null && document !== undefined,
  );
  const keyed = documents.map((document) => [documentKey(document), document] as const);
  return new Map(withOwnKeys(keyed).sort(([a], [b]) => compareDocumentKeys(a, b)));
}

/** Order of documents in everything shown: the main one first, the others by key. */
export function compareDocumentKeys(first: string, second: string): number {
  if (first === second) return 0;
  if (first === mainDocumentKey || second === mainDocumentKey)
    return first === mainDocumentKey ? -1 : 1;
  return first < second ? -1 : 1;
}

/** Talos refuses two documents with one key; a config that has them must still show both. */
function withOwnKeys(documents: readonly (readonly [string, unknown])[]): [string, unknown][] {
  const count = new Map<string, number>();
  return documents.map(([key, document]) => {
    const seen = (count.get(key) ?? 0) + 1;
    count.set(key, seen);
    return [seen === 1 ? key : `${key} (${seen})`, document];
  });
}

interface Parsed {
  readonly errors: readonly {
    readonly code: string;
    readonly linePos?: readonly { readonly line: number; readonly col: number }[];
  }[];
  toJS(): unknown;
}

function asAWhole(text: string): unknown[] {
  return [...parseAllDocuments(text, configYaml)].map((document: Parsed) => {
    const error = document.errors[0];
    if (error !== undefined) throw unreadable(error.linePos?.[0]?.line, error.code);
    try {
      return frozen(document.toJS());
    } catch {
      throw unreadable(undefined, "BAD_ALIAS");
    }
  });
}

/** The parser's own message quotes the text, which holds secrets: only its code and line are passed on. */
function unreadable(line: number | undefined, code: string): Error {
  const place = line === undefined ? "" : ` (line ${line})`;
  return new Error(
    `machine config: is not YAML: ${code.toLowerCase().replaceAll("_", " ")}${place}. Nothing of it was used.`,
  );
}
