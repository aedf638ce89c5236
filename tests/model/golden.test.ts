import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { documentsText, goldenCases } from "./golden-cases";

/** Set it to `1` to write the files anew; read the difference before you commit it. */
const isUpdate = process.env.UPDATE_GOLDEN === "1";

describe("documents of real-life clusters", () => {
  for (const { name, spec, machines, found } of goldenCases()) {
    for (const { node, path } of machines) {
      it(`of ${node.name} in ${name} are as reviewed`, () => {
        const text = documentsText(node, spec);
        if (isUpdate) writeFileSync(path, text);
        assert.equal(text, readFileSync(path, "utf8"));
      });
    }

    if (!isUpdate) {
      it(`of ${name} have no file too many`, () => {
        assert.deepEqual([...found].sort(), machines.map(({ path }) => path).sort());
      });
    }
  }
});
