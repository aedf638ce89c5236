import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { parsePatch } from "../../model/patch";

const documentsOf = (text: string): readonly string[] => {
  const { documents, problems } = parsePatch("p.yaml", text);
  assert.deepEqual(problems, []);
  return documents.map((document) => document.text);
};

describe("parsePatch", () => {
  it("makes an entry of every document and leaves out empty ones", () => {
    const text =
      "---\nmachine:\n  env: {A: b}\n---\n# nothing\n---\n{}\n---\napiVersion: v1alpha1\nkind: ResolverConfig\n";
    assert.deepEqual(documentsOf(text), [
      "machine:\n  env:\n    A: b\n",
      "apiVersion: v1alpha1\nkind: ResolverConfig\n",
    ]);
  });

  it("drops comments and blank lines, so that editing them changes no machine", () => {
    const plain = "machine:\n  sysctls:\n    a: b\n  env:\n    c: d\n";
    const commented =
      "# why\n\nmachine: # here\n  # there\n  sysctls:\n    a: b # and there\n\n  env:\n    c: d\n# end\n";
    assert.deepEqual(documentsOf(commented), [plain]);
  });

  it("keeps scalars as they were written: Go's parser reads 0644 and yes in its own way", () => {
    const text =
      "a: 0644\nb: yes\nc: 1e3\nd: \"on\"\ne: 'x'\nf: 0x1F\ng: ~\nh: |\n  two\n  lines\n";
    assert.deepEqual(documentsOf(text), [text]);
  });

  it("writes what stands in one line in several: a preview shows only those as a structure", () => {
    const json = '{"machine": {"sysctls": {"a": "1"}, "list": [], "map": {}}}';
    assert.deepEqual(documentsOf(json), [
      '"machine":\n  "sysctls":\n    "a": "1"\n  "list": []\n  "map": {}\n',
    ]);
  });

  it("keeps anchors and merge keys", () => {
    const text = "base: &base\n  a: 1\nmore:\n  <<: *base\n";
    assert.deepEqual(documentsOf(text), [text]);
    const [document] = parsePatch("p.yaml", "a: &b {c: 1}\nd:\n  <<: *b\n").documents;
    assert.deepEqual(document?.value, { a: { c: "1" }, d: { c: "1" } });
  });

  it("says of each document where it stands, what it is and which variables it uses", () => {
    const text =
      "machine:\n  env:\n    A: ${b}-${a}-${b}\n    ${c}: $${d}\n---\n---\napiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\n";
    assert.deepEqual(
      parsePatch("p.yaml", text).documents.map(({ path, key, variables }) => [
        path,
        key,
        variables,
      ]),
      [
        ["p.yaml (document 1)", "v1alpha1", ["b", "a", "c"]],
        ["p.yaml (document 3)", "LinkConfig/eth0", []],
      ],
    );
  });

  it("leaves out a document that holds its version alone: to Talos it is no config", () =>
    assert.deepEqual(documentsOf("version: v1alpha1\n"), []));

  it("hints at quotes where a variable in braces breaks the YAML", () => {
    for (const text of ["a: {b: ${x}}", "a: [${x}]", '{"a": ${x}}']) {
      const [problem] = parsePatch("p.yaml", text).problems;
      assert.match(
        problem?.text ?? "",
        / A variable inside braces or brackets needs quotes: "\$\{name\}"\.$/,
      );
    }
  });

  it("never throws, whatever the text", () => {
    const hard = [
      "[".repeat(20000),
      `${"{a: ".repeat(2500)}x${"}".repeat(2500)}`,
      "<<: x",
      "a: *b",
    ];
    for (const text of hard) assert.equal(parsePatch("p.yaml", text).problems.length, 1);
    assert.equal(parsePatch("p.yaml", "- {op: add, path: {a: b}}").problems.length, 1);
    const snippets = fc.constantFrom(
      "a: ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&x ",
      "*x",
      "\n",
      "  ",
      "|\n",
      '"',
      "${v}",
      "---\n",
      "!!int ",
      "<<: ",
      "? ",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(snippets).map((parts) => parts.join("")),
        ),
        (text) => {
          parsePatch("p.yaml", text);
        },
      ),
    );
  });

  it("refuses a key that is nothing: the library reads it and cannot write it again", () => {
    const { documents, problems } = parsePatch("p.yaml", "a: |\n? ");
    assert.deepEqual(documents, []);
    assert.match(problems[0]?.text ?? "", /^is not YAML: a key or value has no form/);
  });

  it("suggests a strategic form without touching objects of the program", () => {
    const text = '- {op: add, path: /__proto__/polluted, value: "1"}';
    const [problem] = parsePatch("p.yaml", text).problems;
    assert.match(problem?.text ?? "", /__proto__:\n {7}polluted: <value>$/);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("never quotes the text of a patch that cannot be read: it may hold a secret", () => {
    const { problems } = parsePatch("p.yaml", 'token: "s3cret\n  x: [');
    assert.equal(problems.length, 1);
    assert.ok(!problems[0]?.text.includes("s3cret"), problems[0]?.text);
  });

  it("keeps the meaning of any document", () => {
    const json = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!JSON.stringify(value).includes('"<<"'));
        assert.deepEqual(
          documentsOf(stringify(value)).map((text) => parse(text) as unknown),
          [parse(stringify(value)) as unknown],
        );
      }),
    );
  });

  it("is idempotent", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }),
        (value) => {
          // A merge key wants a mapping behind it.
          fc.pre(!JSON.stringify(value).includes('"<<"'));
          const once = documentsOf(stringify(value));
          assert.deepEqual(documentsOf(once.join("---\n")), once);
        },
      ),
    );
  });
});
