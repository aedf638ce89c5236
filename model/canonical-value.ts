/** Keys whose empty map says something: an encryption key of that sort, a volume of that sort. */
const tellingWhenEmpty = new Set(["nodeID", "tpm", "emptyDir"]);

/** A value without what Talos takes as not given: null, and empty maps and lists; none when nothing is left. */
export function withoutEmpty(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    // Items keep their places, empty or not.
    return value.length === 0
      ? undefined
      : value.map((item: unknown) => withoutEmpty(item) ?? item);
  }
  const entries = Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
    const kept = withoutEmpty(child) ?? (tellingWhenEmpty.has(key) ? {} : undefined);
    return kept === undefined || child === null ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A value without its nulls, for comparisons where an empty map is not the same as none. */
export function withoutNull(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value ?? undefined;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutNull(item) ?? item);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== null)
      .map(([key, child]) => [key, withoutNull(child)]),
  );
}

/** A text that is the same for equal values: the order of keys does not count, that of items does. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) => {
    if (typeof child !== "object" || child === null || Array.isArray(child)) return child;
    return Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
