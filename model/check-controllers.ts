import type { NodeInput } from "./cluster-input";
import type { Findings } from "./problem";

/** What is wrong with the number of controllers: etcd goes on while more than half of them are up. */
export function checkControllers(
  nodes: readonly NodeInput[],
  allowTwoControllers: boolean,
): Findings {
  const path = "nodes";
  const count = nodes.filter((node) => node.controller === true).length;
  if (count === 0) {
    const text =
      "holds no controller. Set `controller: true` on at least one machine, better on three.";
    return { problems: [{ path, text }], warnings: [] };
  }
  if (count === 2) {
    const fact = "2 controllers survive no failure: with one out, etcd has no quorum.";
    return allowTwoControllers
      ? { problems: [], warnings: [{ path, text: `${fact} One or three are better.` }] }
      : {
          problems: [{ path, text: `${fact} Use one or three, or set allowTwoControllers: true.` }],
          warnings: [],
        };
  }
  if (count % 2 === 1) return { problems: [], warnings: [] };
  const text = `${count} controllers tolerate no more failures than ${count - 1}. Use an odd number.`;
  return { problems: [], warnings: [{ path, text }] };
}
