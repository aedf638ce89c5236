import { stringify } from "yaml";

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** The strategic merge form of a JSON6902 patch as YAML, or none when the list is no such patch. */
export function strategicFormOf(list: readonly unknown[]): string | undefined {
  if (list.length === 0 || !list.every(isOperation)) return undefined;
  const root: Tree = new Map();
  for (const operation of list as readonly Operation[]) place(root, operation);
  return stringify(root);
}

/** Maps, not objects: a path may hold any key, `__proto__` too. */
type Tree = Map<string, unknown>;

function isOperation(item: unknown): boolean {
  if (typeof item !== "object" || item === null || !("op" in item)) return false;
  return "path" in item && typeof item.path === "string";
}

function place(root: Tree, operation: Operation): void {
  const keys = operation.path.split("/").slice(1).map(unescape);
  // An index or "-" ends the path: strategic merge appends to lists, it cannot address an item.
  const listAt = keys.findIndex((key) => /^(\d+|-)$/.test(key));
  const last = listAt >= 0 ? keys.slice(0, listAt) : keys;
  const leaf = last.pop();
  if (leaf === undefined) return;
  let parent = root;
  for (const key of last) parent = child(parent, key);
  // The value itself may be a secret, and a refusal is printed: only its place is shown.
  const value = operation.op === "remove" ? { $patch: "delete" } : "<value>";
  parent.set(leaf, listAt >= 0 && operation.op !== "remove" ? [value] : value);
}

function child(parent: Tree, key: string): Tree {
  const existing = parent.get(key);
  if (existing instanceof Map) return existing as Tree;
  const created: Tree = new Map();
  parent.set(key, created);
  return created;
}

function unescape(token: string): string {
  return token.replace(/~1/g, "/").replace(/~0/g, "~");
}
