/**
 * Order in which Go's YAML library writes the keys of a map: numbers within a key count as numbers, letters come after
 * other characters.
 *
 * @see go.yaml.in/yaml v4.0.0-rc.4, internal/libyaml/representer.go, keyList.Less
 */
export function compareGoKeys(first: string, second: string): number {
  if (first === second) return 0;
  return isBefore([...first], [...second]) ? -1 : 1;
}

function isBefore(first: readonly string[], second: readonly string[]): boolean {
  const at = first.findIndex((character, index) => character !== second[index]);
  const [a, b] = [first[at], second[at]];
  if (a === undefined || b === undefined) return first.length < second.length;
  const letters = [isLetter(a), isLetter(b)] as const;
  if (letters[0] && letters[1]) return isLower(a, b);
  if (letters[0] || letters[1]) {
    return isDigit(first[at - 1] ?? "") ? letters[0] : letters[1];
  }
  // Zeroes within a number are digits of it; leading ones say nothing.
  const inNumber = (a === "0" || b === "0") && /[1-9]\d*$/.test(first.slice(0, at).join(""));
  const [runA, runB] = [digitsFrom(first, at), digitsFrom(second, at)];
  const [numberA, numberB] = [runA, runB].map((run) => BigInt(`${inNumber ? "1" : "0"}${run}`));
  if (numberA !== undefined && numberB !== undefined && numberA !== numberB)
    return numberA < numberB;
  return runA.length === runB.length ? isLower(a, b) : runA.length < runB.length;
}

function digitsFrom(characters: readonly string[], start: number): string {
  return /^\d*/.exec(characters.slice(start).join(""))?.[0] ?? "";
}

function isLower(a: string, b: string): boolean {
  return (a.codePointAt(0) ?? 0) < (b.codePointAt(0) ?? 0);
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

function isDigit(character: string): boolean {
  return /^\p{Nd}$/u.test(character);
}
