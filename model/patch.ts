import { isCollection, isScalar, visit, type Document } from "yaml";
import { documentKey } from "./document-key";
import { strategicFormOf } from "./json-patch";
import { variablesIn } from "./patch-variables";
import { patchYamlDocuments, patchYamlText } from "./patch-yaml";
import type { Problem } from "./problem";
import { valueOfYaml } from "./yaml-value";

/** One document of a patch, ready to be filled and merged. */
export interface PatchDocument {
  /** Place for messages: the patch's source, and the document's number when there are several. */
  readonly path: string;
  /** YAML without comments, variables as they were written. */
  readonly text: string;
  /** What tells it apart, as `documentKey` says it; its name may hold variables. */
  readonly key: string;
  /** Content, every scalar as the text it was written as. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Names of the variables that it uses, each once. */
  readonly variables: readonly string[];
}

/** What a patch text holds: documents ready to be merged, or what is wrong with it. */
export interface ParsedPatch {
  /** Empty documents are left out. */
  readonly documents: readonly PatchDocument[];
  readonly problems: readonly Problem[];
}

/**
 * Splits a patch text into its documents and checks that it is YAML of the right form. Never throws.
 *
 * Every document becomes an entry of its own, so that a preview shows it as a structure; comments are
 * dropped, so that editing one changes no machine.
 */
export function parsePatch(source: string, text: string): ParsedPatch {
  try {
    return readPatch(source, text);
  } catch (error) {
    // Thousands of levels overflow the stack of the parser or the writer; and `? ` alone, a key that is nothing, the
    // library reads and cannot write again. Its own words may quote the text.
    const reason =
      error instanceof RangeError ? "it is nested too deeply" : "a key or value has no form";
    return { documents: [], problems: [notYaml(source, reason, "")] };
  }
}

function readPatch(source: string, text: string): ParsedPatch {
  const parsed = patchYamlDocuments(text);
  const documents: PatchDocument[] = [];
  const problems: Problem[] = [];
  for (const [index, document] of parsed.entries()) {
    const path = parsed.length > 1 ? `${source} (document ${index + 1})` : source;
    const read = readDocument(path, document, text);
    if ("problem" in read) problems.push(read.problem);
    else if (!isEmpty(read.value)) documents.push(patchDocument(path, document, read.value));
  }
  return { documents, problems };
}

type Read = { readonly problem: Problem } | { readonly value: Readonly<Record<string, unknown>> };

function readDocument(path: string, document: Document, text: string): Read {
  const read = valueOfYaml(document);
  if ("reason" in read) return { problem: notYaml(path, read.reason, text) };
  const { value } = read;
  if (Array.isArray(value)) return { problem: { path, text: arrayText(value) } };
  if (value === null || value === "") return { value: {} };
  if (typeof value === "object") return { value: value as Record<string, unknown> };
  return {
    problem: {
      path,
      text: "holds a single value. A patch is a part of a machine config: keys with values below them.",
    },
  };
}

function notYaml(path: string, reason: string, text: string): Problem {
  const hint = /\$\{[A-Za-z_]\w*\}/.test(text)
    ? ' A variable inside braces or brackets needs quotes: "${name}".'
    : "";
  return {
    path,
    text: `is not YAML: ${reason}. Correct the text; nothing of it was used.${hint}`,
  };
}

function arrayText(list: unknown[]): string {
  const strategic = strategicFormOf(list);
  if (strategic === undefined) {
    return "holds a list. A patch is a part of a machine config: keys with values below them.";
  }
  return `is a JSON6902 patch, which Talos refuses for configs of several documents. Write it as a strategic merge patch:\n${indent(strategic)}`;
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, "     ");
}

function isEmpty(value: object): boolean {
  // A config that holds its version alone is none to Talos: "config not found".
  return Object.keys(value).every((key) => key === "version");
}

function patchDocument(
  path: string,
  document: Document,
  value: PatchDocument["value"],
): PatchDocument {
  const variables = new Set<string>();
  document.comment = null;
  document.commentBefore = null;
  visit(document, {
    Node(_key, node) {
      if (isScalar(node)) for (const name of variablesIn(String(node.value))) variables.add(name);
      node.comment = null;
      node.commentBefore = null;
      node.spaceBefore = false;
      // In one line, as JSON too, the preview would show it as a text and not as a structure.
      if (isCollection(node) && node.items.length > 0) node.flow = false;
    },
  });
  return {
    path,
    text: patchYamlText(document),
    key: documentKey(value),
    value,
    variables: [...variables],
  };
}
