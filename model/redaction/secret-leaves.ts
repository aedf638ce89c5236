/** A leaf of a machine config that came from a Pulumi secret. */
export interface SecretLeaf {
  /** Key of its document, as `documentKey` says it. */
  readonly document: string;
  /** Keys, and places in lists, from the root of the document. */
  readonly path: readonly (string | number)[];
  /** What the patch set there; none when it is not known. */
  readonly value?: string;
}

/** What the leaves mean in a rendered document. */
export interface SecretParts {
  /** What is secret as a whole: keys by the map or list that holds them. */
  readonly keysOf: ReadonlyMap<object, ReadonlySet<string>>;
  /** Values of leaves that have no place in it, and may stand anywhere. */
  readonly unplaced: readonly string[];
}

/** All leaves of a patch's document, for one that is secret as a whole. Its kind is none. */
export function leavesOf(document: string, content: unknown): SecretLeaf[] {
  const leaves: SecretLeaf[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index]));
    else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        const isKind = path.length === 0 && (key === "apiVersion" || key === "kind");
        if (!isKind && key !== "$patch") walk(child, [...path, key]);
      }
    } else if (isText(value)) leaves.push({ document, path, value: String(value) });
  };
  walk(content, []);
  return leaves;
}

interface Place {
  readonly holder: object;
  readonly key: string;
  readonly value: unknown;
}

/**
 * Where the leaves stand in the rendered document.
 *
 * Lists are appended to when patches merge, so a place in a list means any item: those that have the leaf's value, or
 * all where none has it (Talos may have written it in another form). Where the document is less deep than the path,
 * the whole of what stands there is meant.
 */
export function secretParts(
  document: object,
  leaves: readonly SecretLeaf[],
  hide: (value: string) => string,
): SecretParts {
  const keysOf = new Map<object, Set<string>>();
  const unplaced: string[] = [];
  for (const { path, value } of leaves) {
    const places = placesOf(document, path);
    if (places.length === 0 && value !== undefined) unplaced.push(value);
    const equal = places.filter((place) => isValue(place.value, value, hide));
    for (const { holder, key } of equal.length > 0 ? equal : places) {
      const keys = keysOf.get(holder) ?? new Set<string>();
      keysOf.set(holder, keys.add(key));
    }
  }
  return { keysOf, unplaced };
}

/** Whether an item is the leaf, in plain or already replaced. */
function isValue(
  item: unknown,
  value: string | undefined,
  hide: (value: string) => string,
): boolean {
  if (value === undefined || !isText(item)) return false;
  const text = String(item);
  return text.trim() === value.trim() || text === hide(value);
}

function isText(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function placesOf(holder: object, path: readonly (string | number)[]): Place[] {
  const [segment, ...rest] = path;
  if (segment === undefined) return [];
  const anyItem = typeof segment === "number" && Array.isArray(holder);
  const keys = anyItem ? Object.keys(holder) : [String(segment)];
  return keys
    .filter((key) => Object.hasOwn(holder, key))
    .flatMap((key) => {
      const value = (holder as Record<string, unknown>)[key];
      const here: Place = { holder, key, value };
      if (rest.length === 0 || typeof value !== "object" || value === null) return [here];
      const fits = Array.isArray(value) === (typeof rest[0] === "number");
      return fits ? placesOf(value, rest) : [here];
    });
}
