import assert from "node:assert/strict";
import fs from "node:fs";
import { first, second, third } from "./cluster";
import { FakeCluster, forcedReset, gracefulReset, memberId } from "./fake-cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

const worker = { hostname: "worker-1", address: "10.0.0.21" };

/** The step reset, run by hand, against machines that change when they are told to. */
describe("step reset", function () {
  this.timeout(90_000);
  let talosctl: FakeTalosctl;
  let cluster: FakeCluster;
  beforeEach(() => {
    talosctl = new FakeTalosctl();
    cluster = new FakeCluster(talosctl, [first, second, third], [worker]);
  });
  afterEach(() => talosctl.remove());

  const SEEDS = "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13";
  const onThird = {
    NODE: "controller-3",
    ADDRESS: "10.0.0.13",
    ROLE: "controller",
    SEEDS,
    DEADLINE_SECONDS: "60",
  };
  const run = (environment: Record<string, string>, flags = "") =>
    runStepCommand("reset", talosctl, { environment, flags });

  it("drains, leaves etcd, wipes, and says what the stack still wants", async () => {
    const { code, stdout, stderr } = await run({ ...onThird, INCARNATION: "2" });
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, ["10.0.0.13 etcd leave", `10.0.0.13 ${gracefulReset}`]);
    assert.match(stdout, /a reset wipes STATE and EPHEMERAL: its configuration, etcd's data/);
    assert.match(
      stdout,
      /its Node controller-3 deleted\. The stack still wants it: set incarnation: 3/,
    );
    const again = await run(onThird);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /answers in maintenance mode: there is nothing to wipe/);
    assert.equal(cluster.changes.length, 2);
  });

  it("asks the gate command first", async () => {
    const { code, stderr } = await run({ ...onThird, GATE_COMMAND: "echo ceph is unwell; exit 3" });
    assert.equal(code, 1);
    assert.match(stderr, /the gate command .* ended with exit code 3.*ceph is unwell/);
    assert.deepEqual(cluster.changes, []);
  });

  it("refuses when the quorum would go, and names the way round it", async () => {
    cluster.switchOff(second);
    const { code, stderr } = await run(onThird);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /controller-3 .*does not leave the cluster: another controller is down: controller-2/,
    );
    assert.match(stderr, /--graceful false wipes it at once/);
    assert.deepEqual(cluster.changes, []);
  });

  it("wipes at once when it is told to, and says what that means", async () => {
    cluster.switchOff(second);
    const { code, stdout, stderr } = await run(onThird, "--graceful false");
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, [`10.0.0.13 ${forcedReset}`]);
    assert.match(
      stdout,
      /reset all the same, since GRACEFUL=false: another controller is down: controller-2/,
    );
    assert.match(
      stdout,
      new RegExp(`its etcd member ${memberId(2)} stays: talosctl etcd remove-member`),
    );
  });

  it("removes the member of a machine that is wiped at once, where the rest is a quorum", async () => {
    const { code, stderr } = await run(onThird, "--graceful false");
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, [
      `10.0.0.13 ${forcedReset}`,
      `10.0.0.11 etcd remove-member ${memberId(2)}`,
    ]);
    assert.equal(fs.existsSync(`${talosctl.directory}/nodes/controller-3`), false);
  });

  it("refuses the last controller, unless it is told to", async () => {
    cluster = new FakeCluster(talosctl, [first]);
    const alone = {
      ...onThird,
      NODE: "controller-1",
      ADDRESS: "10.0.0.11",
      SEEDS: "controller-1=10.0.0.11",
    };
    const refused = await run(alone);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /controller-1 is the last controller: with it the whole cluster/);
    assert.deepEqual(cluster.changes, []);
    const forced = await run(alone, "--graceful false");
    assert.equal(forced.code, 0, forced.stderr);
    assert.deepEqual(cluster.changes, [`10.0.0.11 ${forcedReset}`]);
  });

  it("does not wipe another machine at the address", async () => {
    const { code, stderr } = await run({ ...onThird, NODE: "worker-7", ROLE: "worker" });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /is not reset: its address belongs to controller-3 now|the machine at its address is "controller-3"/,
    );
    assert.deepEqual(cluster.changes, []);
  });

  it("only says what it would do with --dry-run", async () => {
    const { code, stdout } = await run(onThird, "--dry-run");
    assert.equal(code, 0);
    assert.match(stdout, /would drain its Node, leave etcd, wipe STATE and EPHEMERAL/);
    const forced = await run(onThird, "--dry-run --graceful false");
    assert.match(forced.stdout, /would be wiped without drain, and without leaving etcd/);
    assert.deepEqual(cluster.changes, []);
  });
});
