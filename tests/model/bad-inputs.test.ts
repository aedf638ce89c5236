import assert from "node:assert/strict";
import { checkNodes } from "../../model/check-nodes";
import { parseNodesFile } from "../../model/nodes-file";
import { problemLine } from "../../model/problem";
import { file } from "./bad-input";
import { badInputs } from "./bad-inputs";

describe("bad inputs", () => {
  it("are many, and each is another", () => {
    assert.ok(badInputs.length >= 150, `${badInputs.length} are too few`);
    assert.equal(new Set(badInputs.map(({ what }) => what)).size, badInputs.length);
  });

  for (const { what, nodesYaml, context, expected } of badInputs)
    it(`refuses ${what}`, () => {
      const { nodes, defaults, problems } = parseNodesFile(file, nodesYaml);
      const found = checkNodes(nodes, { ...context, defaults });
      assert.deepEqual([...problems, ...found.problems].map(problemLine), expected);
    });
});
