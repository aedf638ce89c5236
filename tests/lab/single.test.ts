import assert from "node:assert/strict";
import { Rehearsal } from "./rehearsal";

describe("a cluster of one controller", function () {
  this.timeout(240_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.163.0/24",
      controllers: 1,
      workers: 0,
      talosVersion: "v1.13.0",
      kubernetesVersion: "v1.35.3",
    });
  });
  after(() => rehearsal?.end());

  it("comes up on the release that was asked for", async () => {
    await rehearsal.up();
    await rehearsal.writeCredentials();
    assert.match(
      await rehearsal.kubectl("get", "nodes"),
      /controller-1 +Ready +control-plane +\S+ +v1\.35\.3/,
    );
    assert.match(
      await rehearsal.talosctl(["version"], rehearsal.lab.machines[0] ?? ""),
      /Tag: +v1\.13\.0/,
    );
    await rehearsal.up("--expect-no-changes");
  });

  it("refuses to move a pin: upgrades are not in this version", async () => {
    rehearsal.setConfig({ talosVersion: "v1.13.1" });
    const before = await rehearsal.lab.report();
    assert.match(await rehearsal.failingUp(), /v1\.13\.0/);
    rehearsal.setConfig({ talosVersion: "v1.13.0", kubernetesVersion: "v1.34.0" });
    assert.match(await rehearsal.failingUp(), /v1\.35\.3/);
    rehearsal.setConfig({ kubernetesVersion: "v1.35.3" });
    assert.deepEqual(await rehearsal.appliedSince(before), []);
    await rehearsal.up();
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
