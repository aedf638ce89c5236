import assert from "node:assert/strict";
import { Rehearsal } from "./rehearsal";
import { assertAllServe, record } from "./roll-out";

const kubernetes = "v1.35.3";

describe("a cluster that tries a new Talos on one machine first", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.167.0/24",
      controllers: 1,
      workers: 2,
      talosVersion: "v1.12.1",
      kubernetesVersion: kubernetes,
      config: { upgradeTimeoutSeconds: "180" },
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 } });
    await rehearsal.up();
    await rehearsal.writeCredentials();
  });
  after(() => rehearsal?.end());

  it("moves the one machine that has a pin of its own, and no other", async () => {
    rehearsal.editNode("worker-2", { talosVersion: "v1.13.0" });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["worker-2"]);
    assert.deepEqual(run.boots, { "controller-1": 0, "worker-1": 0, "worker-2": 1 });
    assert.deepEqual(
      run.report.machines.filter(({ applies }) => applies?.length !== 0).map(({ name }) => name),
      ["worker-2"],
    );
    assert.equal(run.snapshots.length, 1);
    await assertAllServe(rehearsal, {
      talos: (name) => (name === "worker-2" ? "v1.13.0" : "v1.12.1"),
      kubernetes,
    });
    await rehearsal.up("--expect-no-changes");
  });

  it("stops at a machine that falls back to its old version, and leaves the rest", async () => {
    rehearsal.setConfig({ talosVersion: "v1.13.0" });
    rehearsal.editNode("worker-2", { talosVersion: undefined });
    await rehearsal.fault("worker-1", "falls-back");
    const run = await record(rehearsal, () => rehearsal.failingUp());
    assert.match(
      run.output,
      /worker-1 \(127\.0\.167\.21\): fell back: it restarted, and runs what/,
    );
    assert.match(run.output, /it runs Talos v1\.12\.1/);
    assert.match(run.output, /to go back: set talosVersion/);
    assert.deepEqual(run.upgraded, ["controller-1", "worker-1"]);
    assert.equal(run.boots["worker-2"], 0);
    assert.ok(run.report.invariants.maxWorkersOut <= 1);
    await assertAllServe(rehearsal, {
      talos: (name) => (name === "worker-1" ? "v1.12.1" : "v1.13.0"),
      kubernetes,
    });
  });

  it("ends with every machine at the old version when the old pin is set again", async () => {
    rehearsal.setConfig({ talosVersion: "v1.12.1" });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["controller-1", "worker-2"]);
    assert.deepEqual(run.boots, { "controller-1": 1, "worker-1": 0, "worker-2": 1 });
    // The only controller takes the quorum with it whenever it restarts.
    assert.ok(run.report.invariants.maxWorkersOut <= 1);
    await assertAllServe(rehearsal, { talos: "v1.12.1", kubernetes });
    await rehearsal.up("--expect-no-changes");
  });
});
