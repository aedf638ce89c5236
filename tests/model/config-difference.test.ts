import assert from "node:assert/strict";
import fc from "fast-check";
import { changeLine, configDifferences } from "../../model/config-difference";

const lines = (before: unknown, after: unknown): string[] =>
  configDifferences({ v1alpha1: before }, { v1alpha1: after }).map(changeLine);

describe("configDifferences", () => {
  for (const [what, before, after, expected] of [
    [
      "a changed value",
      { machine: { install: { image: "a" } } },
      { machine: { install: { image: "b" } } },
      ["~ machine.install.image: a => b"],
    ],
    ["an added and a removed value", { a: 1 }, { b: 2 }, ["- a: 1", "+ b: 2"]],
    ["an added part, once", {}, { a: { b: { c: 1, d: [] } } }, ['+ a: {"b":{"c":1}}']],
    [
      "keys that need quotes",
      { a: { "x.y/z": "1" } },
      { a: { "x.y/z": "2" } },
      ['~ a["x.y/z"]: "1" => "2"'],
    ],
    ["another type", { a: "true" }, { a: true }, ['~ a: "true" => true']],
    ["a map that became a list", { a: { b: 1 } }, { a: [1] }, ['~ a: {"b":1} => [1]']],
    [
      "no difference in the order of keys",
      { a: 1, b: { c: 1, d: 2 } },
      { b: { d: 2, c: 1 }, a: 1 },
      [],
    ],
    [
      "nothing in null, empty maps and lists",
      { a: null, b: {}, c: [], d: { e: { f: null } } },
      {},
      [],
    ],
    ["an empty text", {}, { a: "" }, ['+ a: ""']],
    [
      "an encryption key by its sort, which is an empty map",
      { keys: [{ slot: 0, nodeID: {} }] },
      { keys: [{ slot: 0, tpm: {} }] },
      ["- keys[0].nodeID: {}", "+ keys[0].tpm: {}"],
    ],
    ["an item added in front", { a: ["x", "y"] }, { a: ["w", "x", "y"] }, ["+ a[0]: w"]],
    ["an item removed from the middle", { a: ["x", "y", "z"] }, { a: ["x", "z"] }, ["- a[1]: y"]],
    ["an item replaced", { a: ["x", "y", "z"] }, { a: ["x", "v", "z"] }, ["~ a[1]: y => v"]],
    ["items moved", { a: ["x", "y"] }, { a: ["y", "x"] }, ["- a[0]: x", "+ a[1]: x"]],
    [
      "items without a name, by what they hold",
      { a: [{ b: 1 }, { b: 2 }] },
      { a: [{ b: 0 }, { b: 1 }, { b: 3 }] },
      ['+ a[0]: {"b":0}', "~ a[2].b: 2 => 3"],
    ],
    [
      "items by their name",
      { a: [{ name: "x", b: 1 }, { name: "y" }] },
      { a: [{ name: "w" }, { name: "x", b: 2 }] },
      ['+ a[w]: {"name":"w"}', "~ a[x].b: 1 => 2", '- a[y]: {"name":"y"}'],
    ],
    [
      "the order of named items",
      { a: [{ interface: "x" }, { interface: "y", b: 1 }] },
      { a: [{ interface: "y", b: 2 }, { interface: "x" }] },
      ['~ a: ["x","y"] => ["y","x"]', "~ a[y].b: 1 => 2"],
    ],
    [
      "items where two have one name, by what they hold",
      { a: [{ name: "x" }, { name: "x", b: 1 }] },
      { a: [{ name: "x" }, { name: "x", b: 2 }] },
      ["~ a[1].b: 1 => 2"],
    ],
  ] as const) {
    it(`tells ${what}`, () => assert.deepEqual(lines(before, after), expected));
  }

  it("names documents, the main one first, and takes maps as well as plain objects", () => {
    const before = new Map<string, unknown>([
      ["LinkConfig/eth0", { kind: "LinkConfig", name: "eth0", mtu: 1500 }],
      ["v1alpha1", { machine: { type: "worker" } }],
    ]);
    const after = {
      HostnameConfig: { kind: "HostnameConfig" },
      "LinkConfig/eth0": { kind: "LinkConfig", name: "eth0", mtu: 9000 },
      v1alpha1: { machine: { type: "controlplane" } },
    };
    assert.deepEqual(configDifferences(before, after).map(changeLine), [
      "~ machine.type: worker => controlplane",
      '+ HostnameConfig: {"kind":"HostnameConfig"}',
      "~ LinkConfig/eth0 mtu: 1500 => 9000",
    ]);
  });

  it("compares lists of thousands of items", () => {
    const list = Array.from({ length: 3000 }, (_, index) => `item ${index}`);
    assert.deepEqual(
      lines({ a: list }, { a: [...list.slice(0, 1500), "new", ...list.slice(1500)] }),
      ["+ a[1500]: new"],
    );
    assert.equal(lines({ a: list }, { a: list.map((item) => `${item}.`) }).length, 3000);
  });

  const value = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 3 }), {
    noNullPrototype: true,
  });

  it("finds nothing between a config and itself, and something between different ones", () => {
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (rest, one, other) => {
        assert.deepEqual(lines(rest, structuredClone(rest)), []);
        const changes = lines({ rest, x: [{ y: one }] }, { rest, x: [{ y: other }] });
        assert.equal(changes.length, one === other ? 0 : 1);
      }),
    );
  });

  it("finds the same places both ways, but added for removed", () => {
    const list = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 6 });
    const count = (kind: string, before: unknown, after: unknown): number =>
      configDifferences({ x: before }, { x: after }).filter((change) => change.kind === kind)
        .length;
    fc.assert(
      fc.property(list, list, (before, after) => {
        const [added, removed] = [
          count("add", { l: before }, { l: after }),
          count("remove", { l: before }, { l: after }),
        ];
        if (before.length > 0 && after.length > 0)
          assert.equal(added - removed, after.length - before.length);
      }),
    );
  });
});

describe("changeLine", () => {
  const change = (before: unknown, after: unknown): string =>
    changeLine({ document: "v1alpha1", path: "a", kind: "change", before, after });

  it("cuts long values", () => {
    const after = { list: "y".repeat(200) };
    assert.equal(
      change("x".repeat(200), after),
      `~ a: ${"x".repeat(79)}… => {"list":"${"y".repeat(70)}…`,
    );
  });

  it("shows where long values differ", () => {
    const [common, end] = ["x".repeat(100), "x".repeat(20)];
    assert.equal(change(`${common}1`, `${common}2`), `~ a: …${end}1 => …${end}2`);
    assert.equal(change(common, `${common}2`), `~ a: …${end} => …${end}2`);
  });

  it("stays one line and drives no terminal", () => {
    assert.equal(
      change("two\nlines", "\u001b[31mred\r"),
      "~ a: two\\nlines => \\u001b[31mred\\u000d",
    );
  });
});
