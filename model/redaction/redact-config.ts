import { documentKey } from "../document-key";
import { compareDocumentKeys } from "../machine-config";
import { knownValues, type KnownValues } from "./known-values";
import { below, placesOfKind, type PatternPlaces } from "./path-patterns";
import { secretParts, type SecretLeaf, type SecretParts } from "./secret-leaves";
import {
  isMarker,
  looksSecret,
  markerWith,
  namesSecret,
  replaceAssignments,
  withoutMarkers,
} from "./secret-text";

/** What is secret in a config beyond the list of places, and what its digests are made with. */
export interface RedactionOptions {
  /** Secret of the cluster: nobody without it can try values out against a digest. Empty: no digests are shown. */
  readonly key: string;
  /** Leaves that came from Pulumi secrets. */
  readonly secretLeaves?: readonly SecretLeaf[];
  /** Values that may stand nowhere: a text or key that holds one is replaced as a whole. */
  readonly secretValues?: readonly string[];
}

/**
 * A machine config that may be shown: every secret leaf is replaced by `[secret <digest>]`, everything else is kept.
 *
 * The digest is of the value alone, so a rotated secret shows as changed, and one secret at two places or on two
 * machines shows as the same. Empty values stay: an empty token is a finding.
 */
export function redactConfig(
  documents: Iterable<readonly [string, unknown]>,
  { key, secretLeaves = noLeaves, secretValues = noValues }: RedactionOptions,
): Record<string, unknown> {
  const hide = markerWith(key);
  const redacted = [...documents].map(([name, document]): [string, unknown] => {
    const leaves = secretLeaves.filter((leaf) => leaf.document === name);
    const parts =
      leaves.length > 0 && isContainer(document) ? secretParts(document, leaves, hide) : undefined;
    const known =
      parts === undefined || parts.unplaced.length === 0
        ? knownValues(secretValues)
        : knownValues([...secretValues, ...parts.unplaced]);
    const shown = redactDocument(document, { hide, known, keysOf: parts?.keysOf });
    // A document's name is part of its key.
    const sameKey = documentKey(shown) === documentKey(document);
    return [sameKey ? name : documentKey(shown), shown];
  });
  return Object.fromEntries(redacted.sort(([a], [b]) => compareDocumentKeys(a, b)));
}

/** Whether a document sets a secret by itself, in a place of the list or by its form: such a patch is kept secret. */
export function holdsSecretLeaf(document: unknown): boolean {
  let found = false;
  const hide = (value: string): string => {
    found = true;
    return value;
  };
  redactDocument(document, { hide, known: knownValues(noValues) });
  return found;
}

const noValues: readonly string[] = [];
const noLeaves: readonly SecretLeaf[] = [];

interface Redaction {
  readonly hide: (value: string) => string;
  readonly known: KnownValues;
  readonly keysOf?: SecretParts["keysOf"];
}

interface Standing {
  readonly places: PatternPlaces;
  /** Whether everything from here on is secret. */
  readonly secret: boolean;
}

function redactDocument(document: unknown, redaction: Redaction): unknown {
  if (!isContainer(document)) return redactScalar(document, false, redaction);
  const kind = documentKey(document).split("/")[0] ?? "";
  return redactContainer(document, { places: placesOfKind(kind), secret: false }, redaction);
}

function redactContainer(container: object, at: Standing, redaction: Redaction): unknown {
  const entries = Object.entries(container).map(([key, value]): [string, unknown] => [
    key,
    redactEntry(container, key, value, at, redaction),
  ]);
  if (Array.isArray(container)) return entries.map(([, value]) => value);
  // Keys are registry hosts, variable names, labels: only what is secret wherever it stands is replaced in them.
  return Object.fromEntries(entries.map(([key, value]) => [redactKey(key, redaction), value]));
}

function redactEntry(
  holder: object,
  key: string,
  value: unknown,
  at: Standing,
  redaction: Redaction,
): unknown {
  // A directive of the merge, such as `$patch: delete`, is no value of the config.
  if (value === null || value === undefined || key === "$patch") return value;
  const places = below(at.places, key);
  const secret =
    at.secret ||
    places.some((place) => place.secret) ||
    redaction.keysOf?.get(holder)?.has(key) === true;
  if (!isContainer(value))
    return redactScalar(value, secret || isNamedSecret(holder, key, value), redaction);
  const listed = secret || (Array.isArray(value) && value.length > 0 && namesSecret(key));
  return redactContainer(value, { places, secret: listed }, redaction);
}

/** A value under a key such as `password`, or under `value` beside a `name` such as `DB_PASSWORD`. */
function isNamedSecret(holder: object, key: string, value: unknown): boolean {
  if (typeof value === "boolean" || value === "true" || value === "false") return false;
  if (namesSecret(key)) return true;
  if (key !== "value") return false;
  const { name } = holder as { readonly name?: unknown };
  return typeof name === "string" && namesSecret(name);
}

function redactScalar(value: unknown, secret: boolean, redaction: Redaction): unknown {
  const text = String(value);
  if (text === "" || isMarker(text)) return value;
  if (secret) return redaction.hide(text);
  if (typeof value === "boolean") return value;
  const { known, hide } = redaction;
  if (known.holds(withoutMarkers(text))) return hide(text);
  if (typeof value !== "string") return value;
  return looksSecret(text) ? hide(text) : replaceAssignments(text, hide);
}

function redactKey(key: string, redaction: Redaction): string {
  if (isMarker(key)) return key;
  return redaction.known.holds(withoutMarkers(key)) || looksSecret(key) ? redaction.hide(key) : key;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
