import assert from "node:assert/strict";
import { decodeProblem, unknownKeys } from "../../steps/decode-problems";

const listing = (...lines: string[]): string =>
  `error decoding document /v1alpha1/ (line 1): unknown keys found during decoding:\n${lines.join("\n")}\n\n`;

describe("what Talos cannot read of a patch", () => {
  it("is told by its keys, without their values", () =>
    assert.deepEqual(
      unknownKeys(
        listing(
          "machine:",
          "    files:",
          "        - contnet: |-",
          "            password: s3cret",
          "",
          "            second: line",
          "          mdoe: 0o600",
          "    nope: s3cret",
          "cluster:",
          "    list:",
          "        - s3cret",
        ),
      ),
      ["machine.files.contnet", "machine.files.mdoe", "machine.nope"],
    ));

  it("names the key of a value of the wrong kind, and what it wants", () =>
    assert.equal(
      decodeProblem(
        "error decoding document v1alpha1/LinkConfig/eth0 (line 1): error decoding LinkConfig: yaml: construct errors:\n  line 4: cannot construct !!str `s3cret...` into uint32\n",
        "apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\nmtu: s3cret-text\n",
      ),
      "mtu wants uint32. Give a value of that kind.",
    ));

  it("says no more than that when the words are others", () =>
    assert.match(
      decodeProblem("error decoding document: s3cret", "s3cret"),
      /^Talos cannot read it/,
    ));
});
