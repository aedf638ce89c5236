import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { documentsBySection } from "../../model/config-sections";
import { parseMachineConfig } from "../../model/machine-config";
import { configText, madeUpConfig } from "./made-up-config";

const parsed = (text: string): unknown => Object.fromEntries(parseMachineConfig(text));

describe("parseMachineConfig", () => {
  it("gives the documents by key, the main one first", () => {
    const text =
      "kind: LinkConfig\nname: eth1\n---\n\n---\nkind: LinkConfig\nname: eth0\n---\nversion: v1alpha1\n";
    assert.deepEqual(
      [...parseMachineConfig(text).keys()],
      ["v1alpha1", "LinkConfig/eth0", "LinkConfig/eth1"],
    );
  });

  it("shows both of two documents with one key", () => {
    assert.deepEqual([...parseMachineConfig("kind: A\n---\nkind: A\n").keys()], ["A", "A (2)"]);
  });

  it("reads what Talos writes section by section, and to the same values as a whole", () => {
    const text = configText(madeUpConfig);
    assert.ok(documentsBySection(text) !== undefined);
    // A directive is what Talos never writes: with it the text is parsed as a whole.
    const whole = `%YAML 1.2\n---\n${text}`;
    assert.equal(documentsBySection(whole), undefined);
    assert.deepEqual(parsed(text), parsed(whole));
  });

  for (const [what, text, value] of [
    [
      "numbers that would be written otherwise",
      "a: 0o644\nb: 1.0\nc: 12345678901234567890\nd: 7",
      { a: "0o644", b: "1.0", c: "12345678901234567890", d: 7 },
    ],
    [
      "words",
      "a: true\nb: 'true'\nc: ~\nd:\ne: NaN\nf: yes",
      { a: true, b: "true", c: null, d: null, e: "NaN", f: "yes" },
    ],
    [
      "values with colons and hashes",
      "a: b:c\nd: e#f # g\nh: 'i: j'",
      { a: "b:c", d: "e#f", h: "i: j" },
    ],
    [
      "block scalars",
      "a:\n  b: |\n    c: d\n\n    e\n  f: >-\n    g\n    h\n",
      { a: { b: "c: d\n\ne\n", f: "g h" } },
    ],
    [
      "lists at the indent of their key",
      "a:\n- b: 1\n  c: 2\n- d\ne: f",
      { a: [{ b: 1, c: 2 }, "d"], e: "f" },
    ],
    ["plain scalars of several lines", "a: b\n  c\n\n  d\ne: f\n", { a: "b c\nd", e: "f" }],
    ["comments", "# x\na: # y\n  # z\n  b: c\n# end\n", { a: { b: "c" } }],
    ["anchors", "a: &x {b: 1}\nc: *x\n", { a: { b: 1 }, c: { b: 1 } }],
    ["JSON", '{"a": {"b": [1, "2"]}}', { a: { b: [1, "2"] } }],
    ["carriage returns", "a:\r\n  b: c\r\nd: 1\r\n", { a: { b: "c" }, d: 1 }],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(parsed(text), { v1alpha1: value }));
  }

  for (const [text, error] of [
    ['machine:\n  token: "s3cret', "missing char"],
    ["machine:\n  token: *s3cret\n", "bad alias"],
    ["s3cret: 1\ns3cret: 2\n", "duplicate key (line 2)"],
    ["machine:\n\ttoken: s3cret\n", "tab as indent"],
    ["a: &s3cret [*s3cret]\nb: [*s3cret\n", ""],
  ] as const) {
    it(`quotes nothing of ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseMachineConfig(text),
        ({ message }: Error) =>
          message.startsWith(`machine config: is not YAML: ${error}`) &&
          !message.includes("s3cret"),
      );
    });
  }

  it("gives values that nobody can change: configs share them", () => {
    const config = parseMachineConfig("machine:\n  certSANs:\n    - a\n").get("v1alpha1") as {
      machine: { certSANs: string[] };
    };
    assert.throws(() => config.machine.certSANs.push("b"), TypeError);
  });

  it("reads any document as the YAML parser alone does", () => {
    const key = fc.oneof(
      fc.constantFrom("machine", "null", "true", "a-b", "example.org/a", "__proto__"),
      fc.string({ minLength: 1, maxLength: 6 }),
    );
    const scalar = fc.oneof(
      fc.constantFrom(
        "|",
        "a: b",
        "- a",
        "---",
        "0644",
        "1e3",
        "-0",
        "~",
        "x\n\ny\n",
        " a",
        "#",
        "&a",
        "NaN",
        "10.0.0.1/16",
        "a:b",
      ),
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
    const document = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(document, fc.constantFrom(0, 20, 80), (value, lineWidth) => {
        const text = stringify(value, { lineWidth });
        assert.deepEqual(
          [...parseMachineConfig(text).values()],
          [...parseMachineConfig(`%YAML 1.2\n---\n${text}`).values()],
        );
      }),
    );
  });
});
