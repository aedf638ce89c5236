import assert from "node:assert/strict";
import fc from "fast-check";
import { isMap, isScalar, isSeq, parse, parseDocument, stringify, type Node } from "yaml";
import { parsePatch, type PatchDocument } from "../../model/patch";
import {
  fillProblems,
  fillText,
  fillValue,
  fillVariables,
  secretLeavesOf,
  variablesOf,
} from "../../model/patch-variables";

const documentOf = (text: string): PatchDocument => {
  const { documents, problems } = parsePatch("p.yaml", text);
  assert.deepEqual(problems, []);
  assert.equal(documents.length, 1);
  return documents[0] as PatchDocument;
};
const fill = (text: string, values: Record<string, string>): string =>
  fillVariables(documentOf(text), values);

describe("fillVariables", () => {
  const cases: [string, string, string, string][] = [
    ["a number stays plain where it was plain", "a: ${v}\n", "3", "a: 3\n"],
    ["a boolean too", "a: ${v}\n", "true", "a: true\n"],
    ["an octal number too", "a: ${v}\n", "0644", "a: 0644\n"],
    ["what was quoted stays a text", "a: \"${v}\"\nb: '${v}'\n", "3", "a: \"3\"\nb: '3'\n"],
    ["nothing is an empty text and no null", "a: ${v}\n", "", 'a: ""\n'],
    ["null is a text", "a: ${v}\n", "null", 'a: "null"\n'],
    ["a tilde is a text", "a: ${v}\n", "~", 'a: "~"\n'],
    ["a colon starts no mapping", "a: ${v}\n", "b: c", 'a: "b: c"\n'],
    ["a hash starts no comment", "a: x${v}\n", " # y", 'a: "x # y"\n'],
    ["a dash starts no list", "a: ${v}\n", "- b", 'a: "- b"\n'],
    ["braces start no mapping", "a: ${v}\n", "{b: c}", 'a: "{b: c}"\n'],
    ["a star is no alias", "a: ${v}\n", "*b", 'a: "*b"\n'],
    ["several lines become a block", "a: ${v}\n", "b\nc\n", "a: |\n  b\n  c\n"],
    ["lines in a block keep it", "a: |\n  x ${v}\n  y\n", "b\nc", "a: |\n  x b\n  c\n  y\n"],
    ["a part of a text", "a: reg/${v}:v1\n", "x", "a: reg/x:v1\n"],
    ["a key", "${v}: 1\n", "b", "b: 1\n"],
    ["a key with specials", "${v}: 1\n", "b: c", '"b: c": 1\n'],
    ["a carriage return", "a: ${v}\n", "b\r\nc", 'a: "b\\r\\nc"\n'],
    ["a value is not read again", "a: ${v}\n", "-${v}", 'a: "-${v}"\n'],
    ["a doubled dollar is the text itself", 'a: "$${v}"\n', "x", 'a: "${v}"\n'],
    ["what is no name stays", "a: ${VAR:-x} ${1} $v\n", "x", "a: ${VAR:-x} ${1} $v\n"],
  ];
  for (const [what, text, value, expected] of cases)
    it(what, () => assert.equal(fill(text, { v: value }), expected));

  it("leaves a variable without a value as it is", () =>
    assert.equal(fill("a: ${v}${w}\n", { w: "1" }), 'a: "${v}1"\n'));

  it("takes no value from what every object has", () =>
    assert.equal(fill("a: ${constructor}\n", {}), "a: ${constructor}\n"));

  const anyText = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          "a",
          " ",
          "\n",
          "\t",
          ": ",
          "#",
          "- ",
          '"',
          "'",
          "\\",
          "{",
          "]",
          "|",
          "é",
          "\r",
          "---\n",
        ),
      )
      .map((parts) => parts.join("")),
  );
  const template =
    'plain: ${v}\nmid: a-${v}-b\ndouble: "${v}"\nsingle: \'${v}\'\nblock: |\n  x\n  ${v}\n  y\nfolded: >-\n  x ${v}\nlist:\n  - ${v}\n  - k: "${v}"\nkeys:\n  x${v}: ${v}\n';

  it("brings any value back whole, to a parser of full YAML too", () => {
    fc.assert(
      fc.property(anyText, (v) => {
        const text = fill(template, { v });
        assert.deepEqual(documentOf(text).value, fillValue(documentOf(template).value, { v }));
        const { double, single, block } = parse(text) as Record<string, unknown>;
        assert.deepEqual([double, single, block], [v, v, `x\n${v}\ny\n`]);
      }),
    );
  });

  it("never changes the structure of a document", () => {
    const shape = (node: Node | null): unknown => {
      if (isMap(node)) return node.items.map((pair) => shape(pair.value as Node));
      if (isSeq(node)) return node.items.map((item) => shape(item as Node));
      return isScalar(node) ? "scalar" : "other";
    };
    const shapeOf = (text: string): unknown => {
      const parsed = parseDocument(text, { schema: "failsafe" });
      assert.deepEqual(parsed.errors, []);
      return shape(parsed.contents);
    };
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "k-${v}"), fc.jsonValue(), { minKeys: 1 }),
        anyText,
        (value, v) => {
          const text = stringify(value).replaceAll("true", "${v}").replaceAll("null", "x${v}");
          const { documents } = parsePatch("p.yaml", text);
          for (const document of documents)
            assert.deepEqual(shapeOf(fillVariables(document, { v })), shapeOf(document.text));
        },
      ),
    );
  });
});

describe("fillText", () => {
  it("writes one dollar less before a brace", () =>
    assert.equal(fillText("$$${v} $${v} ${v}", { v: "x" }), "$${v} ${v} x"));
});

describe("variablesOf", () => {
  it("names those of keys, values and blocks, each once, and none of comments", () =>
    assert.deepEqual(variablesOf(documentOf("# ${no}\na: ${x}\n${y}: |\n  ${x} ${z} $${w}\n")), [
      "x",
      "y",
      "z",
    ]));
});

describe("fillProblems", () => {
  it("finds a key that becomes another one's twin", () =>
    assert.deepEqual(fillProblems(documentOf("m:\n  a: 1\n  ${v}: 2\n"), { v: "a" }), [
      {
        path: "p.yaml",
        text: 'the key "${v}" becomes the same as another key beside it when it is filled. Write the key itself.',
      },
    ]));

  it("finds a key that becomes an order", () =>
    assert.deepEqual(fillProblems(documentOf("m:\n  ${v}: delete\n"), { v: "$patch" }), [
      {
        path: "p.yaml",
        text: 'the key "${v}" becomes an order to Talos when it is filled. Write the key itself.',
      },
    ]));

  it("finds nothing in other keys", () =>
    assert.deepEqual(fillProblems(documentOf("m:\n  a: 1\n  ${v}: 2\n"), { v: "b" }), []));
});

describe("secretLeavesOf", () => {
  const text =
    "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: ${host}\nauth:\n  - {user: me, 'pass': 'x-${secret}'}\nkeys:\n  k-${secret}:\n    deep: [shown]\nopen: '$${secret}'\n";

  it("names the leaves that show a secret, in themselves or in a key above", () =>
    assert.deepEqual(secretLeavesOf(documentOf(text), ["secret"], { secret: "S", host: "h" }), [
      { document: "RegistryAuthConfig/h", path: ["auth", 0, "pass"], value: "x-S" },
      { document: "RegistryAuthConfig/h", path: ["keys", "k-S", "deep", 0], value: "shown" },
    ]));

  it("fills nothing without values", () =>
    assert.deepEqual(secretLeavesOf(documentOf("a: ${s}\n"), ["s"]), [
      { document: "v1alpha1", path: ["a"], value: "${s}" },
    ]));

  it("names none when no secret is used", () =>
    assert.deepEqual(secretLeavesOf(documentOf(text), ["other"]), []));
});
