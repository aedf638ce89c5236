/** A value that is not known while the cluster is described: an Output of another resource. */
export const deferred: unique symbol = Symbol("known only during the run");

/** A leaf value: given now, or {@link deferred} and checked when it becomes known. */
export type Leaf<T> = T | typeof deferred;

/** Whether a leaf is given now. */
export function isKnown<T>(leaf: Leaf<T> | undefined): leaf is T {
  return leaf !== undefined && leaf !== deferred;
}
