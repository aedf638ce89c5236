import assert from "node:assert/strict";
import { answerInMaintenance } from "../recorded";
import { first, onFirst, pins, second, third } from "./cluster";
import { FakeCluster, memberId } from "./fake-cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step gate before a reinstalled controller, a machine on hold, and a person's own check. */
describe("step gate: replacements, holds and the gate command", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let cluster: FakeCluster;
  beforeEach(() => {
    talosctl = new FakeTalosctl();
    cluster = new FakeCluster(talosctl, [first, second, third]);
  });
  afterEach(() => talosctl.remove());

  const environment = {
    ...onFirst,
    ...pins,
    NODE: "controller-3",
    ADDRESS: "10.0.0.13",
    SEEDS: "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13",
    CONFIGURED: "false",
    INCARNATION: "2",
  };
  const run = (more: Record<string, string> = {}, flags = "") =>
    runStepCommand("gate", talosctl, { environment: { ...environment, ...more }, flags });
  const reinstall = () => {
    cluster.switchOff(third);
    answerInMaintenance(talosctl, third.address);
  };

  it("removes the dead member of a reinstalled controller, once", async () => {
    reinstall();
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /removing the dead etcd member controller-3 \(c63cc74e1f10ec82\), through controller-1/,
    );
    assert.deepEqual(cluster.changes, [`10.0.0.11 etcd remove-member ${memberId(2)}`]);
    const again = await run();
    assert.equal(again.code, 0, again.stderr);
    assert.equal(cluster.changes.length, 1);
  });

  it("removes nothing and sends nothing while nobody said that it was reinstalled", async () => {
    reinstall();
    const { code, stderr } = await run({ INCARNATION: "1" });
    assert.equal(code, 1);
    assert.match(stderr, /Nothing secret is sent to it\. .*set incarnation: 2 for controller-3/);
    assert.deepEqual(cluster.changes, []);
  });

  it("removes nothing in a dry run", async () => {
    reinstall();
    const { code, stdout } = await run({}, "--dry-run");
    assert.equal(code, 0);
    assert.match(stdout, /would remove the dead etcd member controller-3/);
    assert.deepEqual(cluster.changes, []);
  });

  it("asks the gate command before anything is removed", async () => {
    reinstall();
    const { code, stderr } = await run({ GATE_COMMAND: 'echo "not $NODE now"; exit 1' });
    assert.equal(code, 1);
    assert.match(stderr, /gate command .*: not controller-3 now/);
    assert.deepEqual(cluster.changes, []);
  });

  it("does not ask the gate command before there is a cluster", async () => {
    for (const machine of [first, second, third]) {
      cluster.switchOff(machine);
      answerInMaintenance(talosctl, machine.address);
    }
    const { code, stderr } = await run({ GATE_COMMAND: "exit 1", INCARNATION: "1" });
    assert.equal(code, 0, stderr);
  });

  it("never asks a machine on hold, and counts it as down", async () => {
    const before = talosctl.calls.length;
    const { code, stderr } = await run({
      NODE: "controller-1",
      ADDRESS: "10.0.0.11",
      HELD: "controller-3",
    });
    assert.equal(code, 1);
    assert.match(stderr, /controller-3 is on hold and counts as down/);
    assert.deepEqual(
      talosctl.calls.slice(before).filter((call) => call.startsWith("10.0.0.13")),
      [],
    );
  });
});
