import assert from "node:assert/strict";

/** A case of a decision: what was seen, and the words of a reason against it, or none. */
export type DecisionCase<Seen> = readonly [name: string, seen: Seen, refusal: RegExp | undefined];

/** One test a case: no reason at all, or one with the words. */
export function eachDecision<Seen>(
  table: readonly DecisionCase<Seen>[],
  decide: (seen: Seen) => {
    readonly lasting: readonly string[];
    readonly passing: readonly string[];
  },
  { allowed, refused } = { allowed: "open", refused: "refused" },
): void {
  for (const [name, seen, refusal] of table) {
    it(`${name}: ${refusal === undefined ? allowed : refused}`, () => {
      const { lasting, passing } = decide(seen);
      const problems = [...lasting, ...passing];
      if (refusal === undefined) assert.deepEqual(problems, []);
      else assert.match(problems.join("\n"), refusal);
    });
  }
}
