import assert from "node:assert/strict";
import { Rehearsal } from "./rehearsal";
import { assertAllServe, record } from "./roll-out";

describe("a cluster of one controller", function () {
  this.timeout(240_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.163.0/24",
      controllers: 1,
      workers: 0,
      talosVersion: "v1.12.1",
      kubernetesVersion: "v1.35.0",
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 } });
  });
  after(() => rehearsal?.end());

  it("comes up on the release that was asked for", async () => {
    await rehearsal.up();
    await rehearsal.writeCredentials();
    assert.match(
      await rehearsal.kubectl("get", "nodes"),
      /controller-1 +Ready +control-plane +\S+ +v1\.35\.0/,
    );
    assert.match(
      await rehearsal.talosctl(["version"], rehearsal.lab.machines[0] ?? ""),
      /Tag: +v1\.12\.1/,
    );
    await rehearsal.up("--expect-no-changes");
  });

  it("refuses what cannot be, with the pin to set, before anything is touched", async () => {
    const before = await rehearsal.lab.report();
    rehearsal.setConfig({ kubernetesVersion: "v1.34.0" });
    assert.match(
      await rehearsal.failingUp(),
      /Kubernetes does not go back a minor, from v1\.35\.0 to v1\.34\.0/,
    );
    assert.deepEqual(await rehearsal.appliedSince(before), []);
  });

  it("moves both pins in one run: Talos first, then Kubernetes, while the only controller restarts once", async () => {
    rehearsal.setConfig({ talosVersion: "v1.13.0", kubernetesVersion: "v1.35.3" });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["controller-1"]);
    assert.deepEqual(run.boots, { "controller-1": 1 });
    assert.equal(run.snapshots.length, 1);
    const talos = run.output.search(/talos-controller-1-upgrade created/);
    const kubernetes = run.output.search(/talos-kubernetes-upgrade creating/);
    assert.ok(talos > 0 && kubernetes > talos, run.output);
    await assertAllServe(rehearsal, { talos: "v1.13.0", kubernetes: "v1.35.3" });
    await rehearsal.up("--expect-no-changes");
  });

  it("is destroyed whole after protectSecrets: false, and the machine runs on", async () => {
    const before = await rehearsal.lab.report();
    rehearsal.setConfig({ protectSecrets: false });
    await rehearsal.up();
    const destroyed = await rehearsal.project.pulumi([
      "destroy",
      "--yes",
      "--skip-preview",
      "--stack",
      "lab",
    ]);
    assert.equal(destroyed.code, 0, destroyed.output);
    const after = await rehearsal.lab.report();
    assert.deepEqual(
      after.machines.map((machine) => [machine.stage, machine.bootId]),
      before.machines.map((machine) => [machine.stage, machine.bootId]),
    );
  });

  it("is not taken over by other secrets: the machine answers to the old ones only", async () => {
    const output = await rehearsal.failingUp();
    assert.match(output, /controller-1 \(127\.0\.163\.11\)/);
    assert.equal((await rehearsal.lab.report()).invariants.insecureConfigsAfterFirstApply, 0);
  });
});
