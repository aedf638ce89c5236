import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { parsePatch } from "../../model/patch";

const documentsOf = (text: string): readonly string[] => {
  const { documents, problems } = parsePatch("p.yaml", text);
  assert.deepEqual(problems, []);
  return documents;
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
          const once = documentsOf(stringify(value));
          assert.deepEqual(documentsOf(once.join("---\n")), once);
        },
      ),
    );
  });
});
