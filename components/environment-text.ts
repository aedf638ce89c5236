import type { NodeSpec } from "../model/cluster-spec";

/** Names of machines, with commas between. */
export function names(nodes: readonly NodeSpec[]): string {
  return nodes.map(({ name }) => name).join(",");
}

/** `name=value,name=value` of the machines that have a value. */
export function pairs(
  nodes: readonly NodeSpec[],
  valueOf: (node: NodeSpec) => string | undefined,
): string {
  return nodes
    .flatMap((node) => {
      const value = valueOf(node);
      return value === undefined ? [] : [`${node.name}=${value}`];
    })
    .join(",");
}

/** A value as text, or nothing when it is the one that is taken anyway. */
export function unless<Value extends string | number>(
  usual: Value,
  value: Value,
): string | undefined {
  return value === usual ? undefined : String(value);
}

/** The text that occurs most often; of several the first. */
export function commonest(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? "";
}

/** The variables that have a value. */
export function present(
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given) as Record<string, string>;
}
