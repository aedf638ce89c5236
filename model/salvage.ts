import type { z } from "zod";
import { deferred } from "./deferred";
import { ownKeyOf, valueAt, type SchemaIssue, type ValuePath } from "./schema-problems";

type Holder = Record<PropertyKey, unknown>;

/** A copy of a value in which unknown keys are gone, or stand under our own name where that is clear. */
export function withOwnKeys(
  value: unknown,
  issues: readonly (SchemaIssue & { readonly code: "unrecognized_keys" })[],
  schema: z.ZodType,
): unknown {
  const copy = structuredClone(value);
  for (const { path, keys } of issues) {
    const holder = valueAt(copy, path);
    if (!isHolder(holder)) continue;
    for (const key of keys) {
      const ownKey = ownKeyOf(schema, path, key);
      if (ownKey !== undefined && !Object.hasOwn(holder, ownKey)) holder[ownKey] = holder[key];
      delete holder[key];
    }
  }
  return copy;
}

function isHolder(value: unknown): value is Holder {
  return typeof value === "object" && value !== null;
}

/** Fields of a machine in which a value of a wrong type is left standing as one that is not known yet. */
const deferrable: readonly PropertyKey[] = [
  "address",
  "installDisk",
  "installDiskSelector",
  "networkInterfaces",
  "nameservers",
  "timeServers",
  "searchDomains",
  "labels",
  "annotations",
  "taints",
  "identity",
];

/**
 * A copy of a nodes file in which nothing is of a wrong type, so that its other faults are found in the same run.
 *
 * A value of a wrong type becomes {@link deferred}, which no check looks at: taken out, it would be missed, and the items
 * after it in a list would be reported at the wrong places. Fields that others read are taken out instead.
 */
export function salvage(value: unknown, issues: readonly SchemaIssue[]): unknown {
  const copy = structuredClone(value);
  // From the back, so that an item taken out of a list does not move those that are still to come.
  for (const { path } of [...issues].reverse()) mend(copy, path);
  return copy;
}

function mend(copy: unknown, path: ValuePath): void {
  const [section, place, field] = path;
  if (section === "nodes" && place === undefined) return remove(copy, path);
  if (place === undefined) return remove(copy, path.slice(0, 1));
  // A machine that is none leaves its place, so that the others keep theirs while the file is read.
  if (field === undefined)
    return section === "nodes" ? replace(copy, path, null) : remove(copy, path);
  if (path.length === 3 && field === "name") return replaceWith(copy, path, nameOf);
  if (path.length === 3 && field === "controller") return replaceWith(copy, path, isMeantTrue);
  // What a machine lacks is missed by the checks, in better words.
  if (path.length === 3 && isNothing(valueAt(copy, path))) return remove(copy, path);
  if (deferrable.includes(field)) return replace(copy, path, deferred);
  const listPlace = path.findIndex((key, index) => index > 2 && typeof key === "number");
  remove(copy, listPlace < 0 ? path : path.slice(0, listPlace + 1));
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/**
 * Marks what holds nothing any more since its unknown keys were taken out: a person did write something there.
 *
 * Changes the value in place.
 */
export function deferEmptied(value: unknown, paths: readonly ValuePath[]): void {
  for (const path of paths) {
    const left = valueAt(value, path);
    if (deferrable.includes(path[2] ?? "") && isHolder(left) && Object.keys(left).length === 0)
      replace(value, path, deferred);
  }
}

function nameOf(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** What a switch of a wrong type means: what follows from it is then not reported on top. */
function isMeantTrue(value: unknown): boolean {
  return value === 1 || (typeof value === "string" && /^(yes|true|on|1)$/i.test(value));
}

function replaceWith(copy: unknown, path: ValuePath, change: (value: unknown) => unknown): void {
  replace(copy, path, change(valueAt(copy, path)));
}

function replace(copy: unknown, path: ValuePath, value: unknown): void {
  const holder = valueAt(copy, path.slice(0, -1));
  const key = path.at(-1);
  if (isHolder(holder) && key !== undefined) holder[key] = value;
}

function remove(copy: unknown, path: ValuePath): void {
  const holder = valueAt(copy, path.slice(0, -1));
  const key = path.at(-1);
  if (Array.isArray(holder) && typeof key === "number") holder.splice(key, 1);
  else if (isHolder(holder) && key !== undefined) delete holder[key];
}
