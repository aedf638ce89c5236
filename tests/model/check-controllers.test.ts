import assert from "node:assert/strict";
import { checkControllers } from "../../model/check-controllers";
import { problemLine } from "../../model/problem";

const cases: [number, boolean, string[], string[]][] = [
  [1, false, [], []],
  [
    2,
    false,
    [
      "nodes: 2 controllers survive no failure: with one out, etcd has no quorum. Use one or three, or set allowTwoControllers: true.",
    ],
    [],
  ],
  [
    2,
    true,
    [],
    [
      "nodes: 2 controllers survive no failure: with one out, etcd has no quorum. One or three are better.",
    ],
  ],
  [3, false, [], []],
  [4, true, [], ["nodes: 4 controllers tolerate no more failures than 3. Use an odd number."]],
];

describe("checkControllers", () => {
  for (const [count, allowed, problems, warnings] of cases)
    it(`judges ${count}${allowed ? ", two being allowed" : ""}`, () => {
      const nodes = Array.from({ length: count + 1 }, (_, index) => ({ controller: index > 0 }));
      const found = checkControllers(nodes, allowed);
      assert.deepEqual(found.problems.map(problemLine), problems);
      assert.deepEqual(found.warnings.map(problemLine), warnings);
    });
});
