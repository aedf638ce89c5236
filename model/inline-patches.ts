import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Pair,
  Scalar,
  stringify,
  YAMLMap,
  YAMLSeq,
  type Node,
  type ScalarTag,
} from "yaml";
import type { ValuePath } from "./schema-problems";

/** A scalar that is not a text, in the form it was written in. */
class AsWritten {
  constructor(readonly source: string) {}
}

const asWrittenTag: ScalarTag = {
  tag: "!as-written",
  default: true,
  identify: (value) => value instanceof AsWritten,
  resolve: (source) => new AsWritten(source),
  stringify: ({ value }) => (value as AsWritten).source,
};

/** The node of a document at a place, through aliases. */
export function yamlNodeAt(document: Document, path: ValuePath): Node | undefined {
  let current: unknown = document.contents;
  for (const key of path) {
    current = resolved(document, current);
    current = isCollection(current) ? current.get(key, true) : undefined;
  }
  return resolved(document, current) as Node | undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** How a scalar at a place is written, or nothing. */
export function writtenAs(document: Document, path: ValuePath): string | undefined {
  const node = yamlNodeAt(document, path);
  return isScalar(node) && typeof node.source === "string" && node.source !== ""
    ? node.source
    : undefined;
}

/**
 * YAML text of a patch that is written as keys with values.
 *
 * Scalars keep the form they have in the file: Talos reads `0644` as octal, and YAML 1.2's value of it is 644.
 */
export function patchText(document: Document, path: ValuePath, value: unknown): string {
  const node = yamlNodeAt(document, path);
  const isOperation = isMap(node) && node.has("op") && node.has("path");
  const copy = node === undefined ? undefined : copyOf(document, node, new Set());
  if (copy === undefined) return stringify(value);
  const text = new Document(undefined, { customTags: (tags) => [asWrittenTag, ...tags] });
  if (isOperation) {
    // A JSON6902 patch whose list was taken for the list of patches: put together again it is recognised as one.
    const list = new YAMLSeq();
    list.items.push(copy);
    text.contents = list;
  } else text.contents = copy;
  return text.toString({ lineWidth: 0 });
}

/** A copy without anchors and aliases, or nothing for an alias that lies in what it stands for. */
function copyOf(document: Document, node: unknown, above: ReadonlySet<unknown>): Node | undefined {
  const source = resolved(document, node);
  if (above.has(source)) return undefined;
  const within = new Set([...above, source]);
  if (isMap(source)) return copyOfMap(document, source, within);
  if (isSeq(source)) {
    const list = new YAMLSeq();
    list.flow = source.flow;
    for (const item of source.items) list.items.push(copyOf(document, item, within));
    return list;
  }
  return isScalar(source) ? copyOfScalar(source) : undefined;
}

function copyOfMap(document: Document, source: YAMLMap, within: ReadonlySet<unknown>): YAMLMap {
  const map = new YAMLMap();
  map.flow = source.flow;
  for (const pair of source.items)
    if (isPair(pair))
      map.items.push(
        new Pair(copyOf(document, pair.key, within), copyOf(document, pair.value, within)),
      );
  return map;
}

function copyOfScalar({ value, source, type }: Scalar): Scalar {
  const isPlainOther = typeof value !== "string" && typeof source === "string" && source !== "";
  const scalar = new Scalar(isPlainOther ? new AsWritten(source) : value);
  scalar.type = type;
  return scalar;
}
