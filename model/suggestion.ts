import { closest, distance } from "fastest-levenshtein";

/** ` Did you mean "x"?` for a likely misspelling of a known word, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const best = closest(
    word.toLowerCase(),
    known.map((candidate) => candidate.toLowerCase()),
  );
  const match = known.find((candidate) => candidate.toLowerCase() === best);
  // A third of the word may differ: more than that is another word, not a misspelling.
  const allowed = Math.max(1, Math.floor(word.length / 3));
  return match !== undefined && distance(word.toLowerCase(), best) <= allowed
    ? ` Did you mean "${match}"?`
    : "";
}

/** Words as prose: `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
