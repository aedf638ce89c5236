import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { configText } from "../../model/config-text";

describe("configText", () => {
  const main = { version: "v1alpha1", machine: { sysctls: { "vm.max_map_count": "262144" } } };
  const hostname = {
    apiVersion: "v1alpha1",
    kind: "HostnameConfig",
    auto: "off",
    hostname: "cp-1",
  };

  it("writes the documents in their order, as they are", () => {
    const text = configText({ v1alpha1: main, HostnameConfig: hostname });
    assert.deepEqual(
      [...parseAllDocuments(text)].map((document) => document.toJS() as unknown),
      [main, hostname],
    );
  });

  // Pulumi decodes a text that is one YAML document, and then prints all of it for one change.
  it("is never a single document, not even when there is only one", () =>
    assert.equal([...parseAllDocuments(configText({ v1alpha1: main }))].length, 2));

  it("writes any document as the YAML library writes it whole", () => {
    const key = fc.oneof(
      fc.constantFrom("machine", "cluster", "null"),
      fc.string({ maxLength: 6 }),
    );
    const scalar = fc.oneof(
      fc.constantFrom("a\n\nb\n", " x\n y", "|\n", "a: b", "# c", "~", "\t\n"),
      fc.string({ maxLength: 12 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, depthIdentifier: "tree" },
        scalar,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, (first, second) => {
        const whole = [first, second].map((document) => stringify(document, { lineWidth: 0 }));
        assert.equal(configText({ first, second }), whole.join("---\n"));
      }),
    );
  });
});
