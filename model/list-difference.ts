import { canonicalText } from "./canonical-value";

/** An item of a list before and after: one of the two is none when it was added or removed. */
export interface ItemPair {
  readonly before?: { readonly index: number; readonly value: unknown };
  readonly after?: { readonly index: number; readonly value: unknown };
}

/** Products of lengths up to which the longest common part is looked for: the work grows with it. */
const largestTable = 250_000;

/**
 * Items of two lists that differ, put side by side, in the order of the lists.
 *
 * What both lists have in the same order is left out; what stands between is paired one by one.
 */
export function differingItems(before: readonly unknown[], after: readonly unknown[]): ItemPair[] {
  const old = before.map(canonicalText);
  const now = after.map(canonicalText);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end += 1;
  const kept = commonItems(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const anchors = [
    ...kept.map(([first, second]) => [first + start, second + start] as const),
    [old.length - end, now.length - end] as const,
  ];
  const pairs: ItemPair[] = [];
  let [first, second] = [start, start];
  for (const [nextFirst, nextSecond] of anchors) {
    const length = Math.max(nextFirst - first, nextSecond - second);
    for (let offset = 0; offset < length; offset += 1)
      pairs.push({
        ...side("before", before, first + offset, nextFirst),
        ...side("after", after, second + offset, nextSecond),
      });
    [first, second] = [nextFirst + 1, nextSecond + 1];
  }
  return pairs;
}

function side(
  name: "before" | "after",
  list: readonly unknown[],
  index: number,
  end: number,
): ItemPair {
  return index < end ? { [name]: { index, value: list[index] } } : {};
}

/** Places of the longest common part of two lists, as pairs. */
function commonItems(first: readonly string[], second: readonly string[]): [number, number][] {
  if (first.length * second.length > largestTable) return [];
  const width = second.length + 1;
  const lengths = new Uint32Array((first.length + 1) * width);
  for (let i = first.length - 1; i >= 0; i -= 1)
    for (let j = second.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        first[i] === second[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < first.length && j < second.length) {
    if (first[i] === second[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return pairs;
}
