import { secretPaths } from "./secret-paths";

/** A place in a document on the way to secrets. */
export interface PatternPlace {
  readonly byKey: Map<string, PatternPlace>;
  /** Where any key or list item leads. */
  any?: PatternPlace;
  /** Everything from here on is secret. */
  secret: boolean;
}

/** Places of several patterns that one path may stand at. */
export type PatternPlaces = readonly PatternPlace[];

const nowhere: PatternPlaces = [];
const compiled = new Map(
  Object.entries(secretPaths).map(([kind, patterns]) => [kind, [compile(patterns)]]),
);

/** Where the walk through a document of this kind starts. */
export function placesOfKind(kind: string): PatternPlaces {
  return compiled.get(kind) ?? nowhere;
}

/** Where a key or list item leads. */
export function below(places: PatternPlaces, key: string): PatternPlaces {
  if (places.length === 0) return nowhere;
  const next: PatternPlace[] = [];
  for (const place of places) {
    const named = place.byKey.get(key);
    if (named !== undefined) next.push(named);
    if (place.any !== undefined) next.push(place.any);
  }
  return next.length === 0 ? nowhere : next;
}

function compile(patterns: readonly string[]): PatternPlace {
  const root = emptyPlace();
  for (const pattern of patterns) {
    let place = root;
    for (const key of pattern.split(".")) place = child(place, key);
    place.secret = true;
  }
  return root;
}

function child(place: PatternPlace, key: string): PatternPlace {
  if (key === "*") return (place.any ??= emptyPlace());
  const known = place.byKey.get(key) ?? emptyPlace();
  place.byKey.set(key, known);
  return known;
}

function emptyPlace(): PatternPlace {
  return { byKey: new Map(), secret: false };
}
