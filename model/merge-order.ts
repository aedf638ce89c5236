/** A document that is merged into a config: which one it changes, and what it says. */
export interface MergedDocument {
  readonly key: string;
  readonly value: unknown;
}

/**
 * Which documents may be merged before all others without changing the outcome.
 *
 * A document may when no document before it says anything at the same place: nothing of it is then overruled that was not
 * before, and no list grows in another order. Those that move stay in their order among each other.
 */
export function mayComeFirst(
  documents: readonly MergedDocument[],
  wanted: readonly boolean[],
): readonly boolean[] {
  const staying = new Places();
  return documents.map((document, index) => {
    const places = placesOf(document.value, []);
    const moves =
      wanted[index] === true && !places.some((place) => staying.meet(document.key, place));
    if (!moves) for (const place of places) staying.add(document.key, place);
    return moves;
  });
}

type Place = readonly string[];

/** Where a document says something: each leaf, and each list or map that it takes or empties as a whole. */
function placesOf(value: unknown, path: Place): Place[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  const entries = Object.entries(value);
  // An order to Talos, such as `$patch: delete`, is about everything below.
  if (entries.length === 0 || entries.some(([key]) => key.startsWith("$"))) return [path];
  return entries.flatMap(([key, below]) =>
    path.length === 0 && (key === "apiVersion" || key === "kind" || key === "name")
      ? []
      : placesOf(below, [...path, key]),
  );
}

/** Places that are taken. Two meet when one is the other, or lies below it. */
class Places {
  private readonly taken = new Set<string>();
  private readonly above = new Set<string>();

  add(key: string, place: Place): void {
    this.taken.add(textOf(key, place));
    for (let length = 0; length <= place.length; length += 1)
      this.above.add(textOf(key, place.slice(0, length)));
  }

  meet(key: string, place: Place): boolean {
    if (this.above.has(textOf(key, place))) return true;
    return place.some((_, length) => this.taken.has(textOf(key, place.slice(0, length))));
  }
}

function textOf(key: string, place: Place): string {
  return JSON.stringify([key, ...place]);
}
