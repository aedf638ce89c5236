import assert from "node:assert/strict";
import { leavesOf, redactConfig, type SecretLeaf } from "../../model/redaction";
import { key, main, markerOf } from "./redaction-samples";

describe("redactConfig with secret leaves", () => {
  const leaf = (path: (string | number)[], value?: string): SecretLeaf => ({
    document: "v1alpha1",
    path,
    value,
  });
  const redacted = (content: object, ...secretLeaves: SecretLeaf[]): unknown =>
    redactConfig(main(content), { key, secretLeaves }).v1alpha1;

  it("hides the leaf, its siblings not", () => {
    assert.deepEqual(
      redacted(
        { a: { b: "x", c: 5, d: true } },
        leaf(["a", "b"], "x"),
        leaf(["a", "c"], "5"),
        leaf(["a", "d"]),
      ),
      {
        a: { b: markerOf("x"), c: markerOf("5"), d: markerOf("true") },
      },
    );
    assert.deepEqual(redacted({ a: { b: "x", c: "x" } }, leaf(["a", "b"], "x")), {
      a: { b: markerOf("x"), c: "x" },
    });
  });

  it("finds an item wherever merging put it", () => {
    assert.deepEqual(redacted({ a: ["p", "q", "r"] }, leaf(["a", 0], "q")), {
      a: ["p", markerOf("q"), "r"],
    });
    assert.deepEqual(
      redacted(
        {
          a: [
            { n: 1, b: "p" },
            { n: 2, b: "q" },
          ],
        },
        leaf(["a", 0, "b"], "q"),
      ),
      {
        a: [
          { n: 1, b: "p" },
          { n: 2, b: markerOf("q") },
        ],
      },
    );
  });

  it("hides all items when none has the value", () => {
    assert.deepEqual(redacted({ a: ["p", "q"] }, leaf(["a", 0], "other")), {
      a: [markerOf("p"), markerOf("q")],
    });
    assert.deepEqual(redacted({ a: ["p", "q"] }, leaf(["a", 0])), {
      a: [markerOf("p"), markerOf("q")],
    });
  });

  it("hides the whole of what stands at or above the place", () => {
    assert.deepEqual(redacted({ a: { b: ["p", { c: 1 }] } }, leaf(["a", "b"], "p")), {
      a: { b: [markerOf("p"), { c: markerOf("1") }] },
    });
    assert.deepEqual(redacted({ a: "p" }, leaf(["a", "b"], "q")), { a: markerOf("p") });
    assert.deepEqual(redacted({ a: "p" }, leaf(["a", 0], "q")), { a: markerOf("p") });
  });

  it("looks everywhere for the value of a leaf that Talos put elsewhere", () => {
    const content = { machine: { network: { other: "is hunter2hunter2" } } };
    assert.deepEqual(redacted(content, leaf(["machine", "network", "gone"], "hunter2hunter2")), {
      machine: { network: { other: markerOf("is hunter2hunter2") } },
    });
  });

  it("hides a document's name in its key too", () => {
    const document = { kind: "RegistryMirrorConfig", name: "registry.example.org" };
    const name = "RegistryMirrorConfig/registry.example.org";
    const secretLeaves = [{ document: name, path: ["name"], value: "registry.example.org" }];
    const marked = markerOf("registry.example.org");
    assert.deepEqual(redactConfig([[name, document]], { key, secretLeaves }), {
      [`RegistryMirrorConfig/${marked}`]: { kind: "RegistryMirrorConfig", name: marked },
    });
  });

  it("touches no other document", () => {
    const documents = new Map([["EventSinkConfig", { kind: "EventSinkConfig", a: "x" }]]);
    assert.deepEqual(
      redactConfig(documents, { key, secretLeaves: [leaf(["a"], "x")] }),
      Object.fromEntries(documents),
    );
  });

  it("are all leaves of a patch that is secret as a whole, but its kind and its orders", () => {
    const patch = {
      apiVersion: "v1alpha1",
      kind: "A",
      b: [{ c: "1", $patch: "delete" }],
      d: { e: null, f: true },
    };
    assert.deepEqual(leavesOf("A", patch), [
      { document: "A", path: ["b", 0, "c"], value: "1" },
      { document: "A", path: ["d", "f"], value: "true" },
    ]);
  });
});
