import assert from "node:assert/strict";
import { checkNodes } from "../../model/check-nodes";
import { problemLine } from "../../model/problem";

const cases: [string, string, string | undefined][] = [
  ["no machine", "ccc", undefined],
  ["a worker, or all of them", "cWW", undefined],
  ["one of three controllers", "Ccc", undefined],
  ["two of five controllers", "CCccc", undefined],
  [
    "the only controller",
    "Cw",
    'nodes: every controller is on hold: "m-1". Hold none of them: a machine on hold counts as down, and etcd needs 1 of 1.',
  ],
  [
    "one of two controllers",
    "Cc",
    'nodes: hold leaves 1 of 2 controllers: "m-1" counts as down, and etcd needs 2. Hold none of them.',
  ],
  [
    "two of three controllers",
    "CCc",
    'nodes: hold leaves 1 of 3 controllers: "m-1" and "m-2" count as down, and etcd needs 2. Hold at most 1 of them, or take one that is lost for good out of the file.',
  ],
  [
    "all of three controllers",
    "CCC",
    'nodes: every controller is on hold: "m-1", "m-2" and "m-3". Hold at most 1 of them, or take one that is lost for good out of the file: a machine on hold counts as down, and etcd needs 2 of 3.',
  ],
];

describe("hold", () => {
  for (const [what, letters, expected] of cases)
    it(`of ${what} is ${expected === undefined ? "accepted" : "refused"}`, () => {
      const nodes = [...letters].map((letter, index) => ({
        name: `m-${index + 1}`,
        address: `10.0.0.${index + 1}`,
        installDisk: "/dev/sda",
        controller: letter.toLowerCase() === "c",
        hold: letter === letter.toUpperCase(),
      }));
      const { problems } = checkNodes(nodes, { allowTwoControllers: true });
      assert.deepEqual(problems.map(problemLine), expected === undefined ? [] : [expected]);
    });
});
