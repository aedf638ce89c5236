import assert from "node:assert/strict";
import { snapshotName, superfluousFiles } from "../../steps/snapshot-name";
import { describeSnapshot } from "../../steps/take-snapshot";

const now = Date.parse("2026-03-01T12:00:00Z");
const named = (day: number, cluster = "prod"): string =>
  snapshotName(cluster, new Date(Date.UTC(2026, 0, day, 3, 4, 5, 678)));
const file = (name: string, ageMinutes = 0) => ({
  name,
  changedAtMilliseconds: now - ageMinutes * 60_000,
});

describe("snapshot files", () => {
  it("carry the cluster and the time", () =>
    assert.equal(named(7), "prod-20260107T030405Z.snapshot"));

  it("of clusters whose names no file can have are told apart", () => {
    const [first, second] = [named(1, "a/b"), named(1, "a b")];
    assert.notEqual(first, second);
    assert.match(first, /^a_b-[0-9a-f]{8}-20260101T030405Z\.snapshot$/);
    assert.match(named(1, "../up"), /^_\._up-/);
  });

  it("are kept up to ten, the newest", () => {
    const all = Array.from({ length: 13 }, (_, index) => file(named(index + 1))).reverse();
    assert.deepEqual(superfluousFiles("prod", all, now), [named(1), named(2), named(3)]);
    assert.deepEqual(superfluousFiles("prod", all.slice(0, 10), now), []);
  });

  it("of other shapes and clusters are nobody's to remove", () => {
    const strange = [
      "prod-20260107T030405Z.snapshot.bak",
      "prod-20260107T030405.snapshot",
      "prod-2-20260107T030405Z.snapshot",
      "aprod-20260107T030405Z.snapshot",
      "notes.txt",
      "prodx20260107T030405Z.snapshot",
    ];
    const own = Array.from({ length: 11 }, (_, index) => file(named(index + 1)));
    const files = [...own, ...strange.map((name) => file(name, 999))];
    assert.deepEqual(superfluousFiles("prod", files, now), [named(1)]);
    assert.deepEqual(superfluousFiles("pro.", own, now), []);
  });

  it("left unfinished go after an hour, not while they may be written", () => {
    const unfinished = [".unfinished", ".unfinished.part"].map((end) => `${named(1)}${end}`);
    assert.deepEqual(
      superfluousFiles(
        "prod",
        unfinished.map((name) => file(name, 59)),
        now,
      ),
      [],
    );
    assert.deepEqual(
      superfluousFiles(
        "prod",
        unfinished.map((name) => file(name, 61)),
        now,
      ),
      unfinished,
    );
  });

  it("are told with what talosctl found in them", () => {
    const said =
      'etcd snapshot saved to "x" (2150432 bytes)\nsnapshot info: hash 0a1b2c3d, revision 812, total keys 301, total size 2150400\n';
    assert.equal(
      describeSnapshot(said, 2_150_432),
      "2.1 MiB, hash 0a1b2c3d, revision 812, 301 keys",
    );
    assert.equal(describeSnapshot("", 1024 * 1024), "1.0 MiB");
  });
});
