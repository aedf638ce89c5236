/** Test whether a text holds one of a set of known secrets. */
export interface KnownValues {
  holds(text: string): boolean;
}

/** Shortest value that is looked for at all: a shorter one would hide half of every config. */
export const shortestKnownCharacters = 4;
/** Shortest value that is found inside a word and in other encodings. */
const shortestInsideCharacters = 8;
/** Shortest line of a value of several lines that is looked for by itself. */
const shortestLineCharacters = 16;

const compiled = new WeakMap<readonly string[], KnownValues>();

/**
 * Known secrets, ready to be looked for.
 *
 * From eight characters a value is found anywhere, also as JSON or a URL writes it, in base64 at any offset, and line
 * by line (a certificate key indented in a manifest). From four characters it is found as a word. Shorter values are
 * left to their places: "1" is no secret wherever else it stands.
 */
export function knownValues(values: readonly string[]): KnownValues {
  const known = compiled.get(values) ?? compile(values);
  compiled.set(values, known);
  return known;
}

function compile(values: readonly string[]): KnownValues {
  const wanted = values.map((value) => value.trim());
  const forms = new Set(
    wanted.filter(({ length }) => length >= shortestInsideCharacters).flatMap(formsOf),
  );
  // The shortest first: the search ends at the first form longer than the text.
  const inside = [...forms].sort((a, b) => a.length - b.length);
  const words = wanted
    .filter(({ length }) => length >= shortestKnownCharacters && length < shortestInsideCharacters)
    .map((word) => new RegExp(`(?<![A-Za-z0-9])${escaped(word)}(?![A-Za-z0-9])`));
  return {
    holds(text) {
      for (const form of inside) {
        if (form.length > text.length) break;
        if (text.includes(form)) return true;
      }
      return words.some((word) => word.test(text));
    },
  };
}

function formsOf(value: string): string[] {
  const lines = value.includes("\n")
    ? value
        .split("\n")
        .map((line) => line.trim())
        .filter(({ length }) => length >= shortestLineCharacters)
    : [];
  const inUrl = new URLSearchParams([["", value]]).toString().slice(1);
  const inJson = JSON.stringify(value).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => base64At(value, offset));
  const urlBase64 = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [value, ...lines, inUrl, inUrl.replaceAll("+", "%20"), inJson, ...base64, ...urlBase64];
}

/** The part of a value's base64 that is the same whatever stands before (so many bytes of it) and after. */
function base64At(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  const first = Math.ceil((offset * 8) / 6);
  return bytes.toString("base64").slice(first, Math.floor((bytes.length * 8) / 6));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
