/** Numbers from 0 to 1 that are the same for the same seed, on every computer. */
export type Random = () => number;

/** A {@link Random} by mulberry32, which is short and good enough to choose moments. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of several, by a number from 0 to 1. */
export function choose<Choice>(choices: readonly [Choice, ...Choice[]], share: number): Choice {
  return choices[Math.floor(share * choices.length)] ?? choices[0];
}
