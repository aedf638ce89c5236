import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, parseDocument, visit } from "yaml";
import { documentText, type Content } from "../../../model/documents/document";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom("a", "1", ":", " ", "\n", "#", "-", "'", '"', ".", "\u2028") }),
  fc.constantFrom(
    "off",
    "null",
    "1e3",
    "0123",
    "::1",
    "fd00::",
    "10.0.0.1/24",
    "$patch",
    "{}",
    "~",
  ),
);

const { content } = fc.letrec<{ content: Content; value: unknown }>((tie) => ({
  content: fc.dictionary(text, tie("value"), {
    minKeys: 1,
    maxKeys: 4,
    noNullPrototype: true,
  }) as fc.Arbitrary<Content>,
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(text, { minLength: 1, maxLength: 3 }),
    fc.array(tie("content"), { minLength: 1, maxLength: 3 }),
    tie("content"),
  ),
}));

describe("documentText", () => {
  it("is read back as what was written", () => {
    fc.assert(
      fc.property(content, (given) => {
        assert.deepEqual(parse(documentText(given)), given);
      }),
      { numRuns: 500 },
    );
  });

  it("is in block style", () => {
    fc.assert(
      fc.property(content, (given) => {
        visit(parseDocument(documentText(given)), {
          Collection: (_, { flow, items }) => assert.ok(flow !== true || items.length === 0),
        });
      }),
    );
  });

  it("leaves out what is undefined, and keeps an empty mapping", () => {
    assert.equal(
      documentText({ a: undefined, b: { c: undefined }, d: [{ e: undefined, f: 1 }] }),
      "b: {}\nd:\n  - f: 1\n",
    );
  });
});
