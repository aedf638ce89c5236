import { withoutEmpty } from "./canonical-value";
import { differingItems } from "./list-difference";
import { compareDocumentKeys } from "./machine-config";
import { isMapping } from "./patch-value";

export { changeLine } from "./change-line";

/** One difference between two machine configs. */
export interface ConfigChange {
  /** Key of the document. */
  readonly document: string;
  /** Place in it, such as `machine.install.image` or `machine.files[0].content`; empty for the whole document. */
  readonly path: string;
  readonly kind: "add" | "remove" | "change";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Documents of a config by their key. */
export type Documents = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

/**
 * What differs between two configs, in the order of documents and keys, redacted or not.
 *
 * The order of keys does not count, nor what Talos takes as not given: null, and empty maps and lists. Items of lists
 * are matched by name where they have one, else by what they hold.
 */
export function configDifferences(before: Documents, after: Documents): ConfigChange[] {
  const old = mapOf(before);
  const now = mapOf(after);
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort(compareDocumentKeys);
  return keys.flatMap((key) => documentDifferences(key, old.get(key), now.get(key)));
}

function documentDifferences(document: string, before: unknown, after: unknown): ConfigChange[] {
  const given = (content: unknown): unknown =>
    content === undefined ? undefined : (withoutEmpty(content) ?? {});
  return valueDifferences("", given(before), given(after)).map((change) => ({
    document,
    ...change,
  }));
}

/** A difference inside one document. */
export type ValueChange = Omit<ConfigChange, "document">;

/** What differs between two values, nothing taken as equal but the order of keys. */
export function valueDifferences(path: string, before: unknown, after: unknown): ValueChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: "add", after }];
  if (after === undefined) return [{ path, kind: "remove", before }];
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(path, before, after);
  if (isMapping(before) && isMapping(after)) return mapDifferences(path, before, after);
  return before === after ? [] : [{ path, kind: "change", before, after }];
}

type Mapping = Readonly<Record<string, unknown>>;

function mapDifferences(path: string, before: Mapping, after: Mapping): ValueChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) =>
    valueDifferences(joined(path, key), own(before, key), own(after, key)),
  );
}

function listDifferences(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
): ValueChange[] {
  const names = itemNames(before, after);
  if (names !== undefined) return namedDifferences(path, names);
  return differingItems(before, after).flatMap((pair) => {
    const index = pair.after?.index ?? pair.before?.index;
    return valueDifferences(`${path}[${index}]`, pair.before?.value, pair.after?.value);
  });
}

/** Keys that tell the items of Talos's lists apart. */
const nameKeys = ["name", "interface", "path", "address", "slot"];

interface ItemNames {
  readonly before: ReadonlyMap<string, unknown>;
  readonly after: ReadonlyMap<string, unknown>;
}

/** Items of both lists by their name; none unless every item has one of its own. */
function itemNames(before: readonly unknown[], after: readonly unknown[]): ItemNames | undefined {
  const key = nameKeys.find((each) =>
    [...before, ...after].every((item) => isMapping(item) && each in item),
  );
  if (key === undefined) return undefined;
  const byName = (list: readonly unknown[]): ReadonlyMap<string, unknown> =>
    new Map(list.map((item) => [String((item as Mapping)[key]), item]));
  const names = { before: byName(before), after: byName(after) };
  const unique = names.before.size === before.length && names.after.size === after.length;
  return unique ? names : undefined;
}

function namedDifferences(path: string, { before, after }: ItemNames): ValueChange[] {
  const names = [...new Set([...after.keys(), ...before.keys()])];
  const changes = names.flatMap((name) =>
    valueDifferences(`${path}[${name}]`, before.get(name), after.get(name)),
  );
  const oldOrder = [...before.keys()].filter((name) => after.has(name));
  const newOrder = [...after.keys()].filter((name) => before.has(name));
  if (oldOrder.every((name, index) => newOrder[index] === name)) return changes;
  return [{ path, kind: "change", before: oldOrder, after: newOrder }, ...changes];
}

function joined(path: string, key: string): string {
  const isWord = /^[A-Za-z_$][\w$-]*$/.test(key);
  if (path === "") return isWord ? key : `[${JSON.stringify(key)}]`;
  return isWord ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function own(map: Mapping, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function mapOf(documents: Documents): ReadonlyMap<string, unknown> {
  return documents instanceof Map ? documents : new Map(Object.entries(documents));
}
