import assert from "node:assert/strict";
import fc from "fast-check";
import { documentKey } from "../../model/document-key";
import { mayComeFirst } from "../../model/merge-order";

const document = (value: object) => ({ key: documentKey(value), value });
const first = (values: readonly object[], wanted: readonly boolean[]): readonly boolean[] =>
  mayComeFirst(values.map(document), wanted);

describe("mayComeFirst", () => {
  const env = { machine: { env: { TOKEN: "x" } } };

  it("lets a document pass others that say nothing at its places", () =>
    assert.deepEqual(
      first(
        [
          { machine: { install: { disk: "/dev/sda" } } },
          { kind: "HostnameConfig", auto: "off" },
          env,
        ],
        [false, false, true],
      ),
      [false, false, true],
    ));

  it("takes a key without a value for one that says nothing", () =>
    assert.deepEqual(first([{ machine: { env: undefined } }, env], [false, true]), [false, true]));

  const held: [string, object][] = [
    ["sets the same", { machine: { env: { TOKEN: "y" } } }],
    ["sets what is above", { machine: { env: "none" } }],
    ["empties what is above", { machine: { env: {} } }],
    ["deletes what is above", { machine: { env: { $patch: "delete" } } }],
    ["deletes all of it", { $patch: "delete" }],
    ["sets what is below", { machine: { env: { TOKEN: { deep: "y" } } } }],
  ];
  for (const [what, before] of held) {
    it(`keeps a document in its place behind one that ${what}`, () =>
      assert.deepEqual(first([before, env], [false, true]), [false, false]));
  }

  it("keeps the order of two lists that append", () =>
    assert.deepEqual(
      first([{ machine: { certSANs: ["a"] } }, { machine: { certSANs: ["b"] } }], [false, true]),
      [false, false],
    ));

  it("takes a document of another kind or name for another place", () =>
    assert.deepEqual(
      first(
        [
          { kind: "VolumeConfig", name: "STATE", encryption: { provider: "luks2" } },
          { kind: "VolumeConfig", name: "EPHEMERAL", encryption: { provider: "luks2" } },
        ],
        [false, true],
      ),
      [false, true],
    ));

  it("counts one that stays behind another as staying", () => {
    const values = [{ a: "1" }, { a: "2", b: "1" }, { b: "2" }];
    assert.deepEqual(first(values, [false, true, true]), [false, false, false]);
  });

  it("never changes what a merge of maps comes to", () => {
    const leaf = fc.constantFrom("1", "2", "3");
    const key = fc.constantFrom("a", "b", "c");
    const value = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(leaf, { maxLength: 2 }),
        fc.dictionary(key, tie("node"), { minKeys: 1, maxKeys: 2 }),
      ),
    })).node;
    const patch = fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(patch, fc.boolean()), { maxLength: 5 }), (pairs) => {
        const values = pairs.map(([given]) => given);
        const moved = first(
          values,
          pairs.map(([, wanted]) => wanted),
        );
        const reordered = [
          ...values.filter((_, index) => moved[index]),
          ...values.filter((_, index) => !moved[index]),
        ];
        assert.deepEqual(reordered.reduce<unknown>(merge, {}), values.reduce<unknown>(merge, {}));
      }),
    );
  });
});

/** Merges as Talos does: maps by key, lists appended, everything else replaced. */
function merge(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after))
    return [...(before as unknown[]), ...(after as unknown[])];
  if (!isMap(before) || !isMap(after)) return after;
  const result: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(after))
    result[key] = key in before ? merge(before[key], value) : value;
  return result;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
