import assert from "node:assert/strict";
import { plainVariables } from "../../model/plain-variables";

const key = "talos-cluster:patchVariables";
const plain = (file: string, values: Record<string, string>): string[] =>
  [...plainVariables(file, key, values)].sort();

describe("plainVariables", () => {
  const file = [
    "config:",
    `  ${key}:`,
    "    region: fsn1",
    "    count: 3",
    "    token:",
    "      secure: v1:abc",
    "",
  ].join("\n");
  const values = { region: "fsn1", count: "3", token: "s3cret" };

  it("knows those that stand in plain from those that do not", () =>
    assert.deepEqual(plain(file, values), ["count", "region"]));

  it("takes nothing for plain that the run got another value of", () =>
    assert.deepEqual(plain(file, { ...values, region: "nbg1" }), ["count"]));

  for (const [what, text] of [
    ["no file", ""],
    ["a file without config", "encryptionsalt: x\n"],
    ["another key", "config:\n  other:patchVariables:\n    region: fsn1\n"],
    ["a secret as a whole", `config:\n  ${key}:\n    secure: v1:abc\n`],
    ["something that is not YAML", "config: [\n"],
    ["a list", `config:\n  ${key}: [region]\n`],
  ] as const) {
    it(`takes everything for a secret with ${what}`, () =>
      assert.deepEqual(plain(text, values), []));
  }

  it("knows no inherited name", () =>
    assert.deepEqual(plain(file, { constructor: "function Object() { [native code] }" }), []));
});
