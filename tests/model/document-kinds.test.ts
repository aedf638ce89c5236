import assert from "node:assert/strict";
import { newestContract, talosReleases } from "../../model/compatibility";
import { documentKindOf, documentKinds } from "../../model/document-kinds";

describe("documentKinds", () => {
  it("holds every kind once", () => {
    const kinds = documentKinds.map(({ kind }) => kind);
    assert.equal(new Set(kinds).size, kinds.length);
  });

  it("knows only releases of the compatibility table", () => {
    const releases = talosReleases.map(({ talos }) => talos);
    for (const { kind, since } of documentKinds) assert.ok(releases.includes(since), kind);
  });

  it("counts as many as Talos registers in each release, and the plugin's machinery 44", () => {
    const counts: Record<string, number> = {};
    for (const { since } of documentKinds) counts[since] = (counts[since] ?? 0) + 1;
    assert.deepEqual(counts, {
      "1.8": 10,
      "1.10": 3,
      "1.11": 4,
      "1.12": 19,
      "1.13": 8,
      "1.14": 45,
    });
    assert.equal(newestContract, "1.13");
  });

  const rows: [string, string, boolean][] = [
    ["VolumeConfig", "1.8", true],
    ["UserVolumeConfig", "1.10", true],
    ["ZswapConfig", "1.11", false],
    ["HostnameConfig", "1.12", false],
    ["LinkConfig", "1.12", true],
    ["KubeSpanConfig", "1.13", false],
    ["KubeletConfig", "1.14", false],
  ];
  for (const [kind, since, named] of rows)
    it(`knows ${kind}`, () => assert.deepEqual(documentKindOf(kind), { kind, since, named }));

  it("knows no other", () => assert.equal(documentKindOf("Deployment"), undefined));
});
