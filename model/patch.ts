import { isCollection, parseAllDocuments, visit, type Document } from "yaml";
import { strategicFormOf } from "./json-patch";
import type { Problem } from "./problem";
import { valueOfYaml } from "./yaml-value";

/** What a patch text holds: documents ready to be merged, or what is wrong with it. */
export interface ParsedPatch {
  /** One text a document, without comments; empty documents are left out. */
  readonly documents: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Splits a patch text into its documents and checks their form.
 *
 * Every document becomes an entry of its own, so that a preview shows it as a structure; comments are
 * dropped, so that editing one changes no machine.
 */
export function parsePatch(source: string, text: string): ParsedPatch {
  const parsed = parseAllDocuments(text, { schema: "failsafe", uniqueKeys: true });
  const documents: string[] = [];
  const problems: Problem[] = [];
  for (const [index, document] of [...parsed].entries()) {
    const path = parsed.length > 1 ? `${source} (document ${index + 1})` : source;
    const found = checkDocument(path, document);
    problems.push(...found);
    if (found.length === 0 && !isEmpty(document)) documents.push(normalise(document));
  }
  return { documents, problems };
}

function checkDocument(path: string, document: Document): Problem[] {
  const read = valueOfYaml(document);
  if ("reason" in read)
    return [
      { path, text: `is not YAML: ${read.reason}. Correct the text; nothing of it was used.` },
    ];
  const { value } = read;
  if (Array.isArray(value)) return [{ path, text: arrayText(value) }];
  if (value !== null && typeof value !== "object" && value !== "") {
    return [
      {
        path,
        text: "holds a single value. A patch is a part of a machine config: keys with values below them.",
      },
    ];
  }
  return [];
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

function isEmpty(document: Document): boolean {
  const value: unknown = document.toJS();
  return (
    value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0)
  );
}

function normalise(document: Document): string {
  // The failsafe schema keeps every scalar as it was written: 0644, yes and 1e3 mean to Go's parser what they mean there.
  document.comment = null;
  document.commentBefore = null;
  visit(document, {
    Node(_key, node) {
      node.comment = null;
      node.commentBefore = null;
      node.spaceBefore = false;
      // In one line, as JSON too, the preview would show it as a text and not as a structure.
      if (isCollection(node) && node.items.length > 0) node.flow = false;
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}
