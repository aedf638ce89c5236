import assert from "node:assert/strict";
import fs from "node:fs";
import { recordMembers } from "../../../steps/membership-record";
import { answerInMaintenance } from "../recorded";
import { first, second, third } from "./cluster";
import { FakeCluster, forcedReset, gracefulReset, memberId } from "./fake-cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

const fourth = { hostname: "controller-4", address: "10.0.0.14" };
const fifth = { hostname: "controller-5", address: "10.0.0.15" };
const worker1 = { hostname: "worker-1", address: "10.0.0.21" };
const worker2 = { hostname: "worker-2", address: "10.0.0.22" };

/** The step membership, run as a resource runs it, against machines that change when they are told to. */
describe("step membership", function () {
  this.timeout(90_000);
  let talosctl: FakeTalosctl;
  let cluster: FakeCluster;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const text = (machines: readonly { hostname: string; address: string }[]) =>
    machines.map(({ hostname, address }) => `${hostname}=${address}`).join(",");
  const previous = (
    controllers: readonly { hostname: string; address: string }[],
    workers: readonly { hostname: string; address: string }[],
  ) => {
    const named = (role: "controller" | "worker") => (machine: typeof first) => ({
      name: machine.hostname,
      address: machine.address,
      role,
    });
    return recordMembers([...controllers.map(named("controller")), ...workers.map(named("worker"))])
      .map((line) => `[   0.1s] ${line}\n`)
      .join("");
  };
  /** Four controllers and two workers before; wanted are three and one. */
  const environment = {
    CONTROLLERS: text([first, second, third]),
    WORKERS: text([worker1]),
    ON_REMOVE: "reset",
    DEADLINE_SECONDS: "60",
    PULUMI_COMMAND_STDOUT: previous([first, second, third, fourth], [worker1, worker2]),
  };
  const run = (more: Record<string, string> = {}, flags = "") =>
    runStepCommand("membership", talosctl, { environment: { ...environment, ...more }, flags });
  const four = () =>
    (cluster = new FakeCluster(talosctl, [first, second, third, fourth], [worker1, worker2]));
  const nodes = () => fs.readdirSync(`${talosctl.directory}/nodes`).sort();

  it("removes nothing on its first run, and remembers the machines for the next", async () => {
    cluster = new FakeCluster(talosctl, [first, second, third], [worker1]);
    const created = await run({ PULUMI_COMMAND_STDOUT: "" });
    assert.equal(created.code, 0, created.stderr);
    assert.match(
      created.stdout,
      /\] members 4\n.*\] member controllers controller-1@10\.0\.0\.11 .*worker-1@10\.0\.0\.21/,
    );
    const again = await run({ PULUMI_COMMAND_STDOUT: created.stdout });
    assert.match(again.stdout, /4 machines are wanted, and none was taken away/);
    assert.deepEqual(cluster.changes, []);
  });

  it("takes machines out one at a time, workers first, and comes back to where it was", async () => {
    four();
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, [
      `10.0.0.22 ${gracefulReset}`,
      "10.0.0.14 etcd leave",
      `10.0.0.14 ${gracefulReset}`,
    ]);
    assert.deepEqual(nodes(), ["controller-1", "controller-2", "controller-3", "worker-1"]);
    assert.match(
      stdout,
      /worker-2 \(10\.0\.0\.22\) is out of the cluster: it was wiped and answers in maintenance mode, its Node worker-2 deleted/,
    );
    assert.match(stdout, /removed: worker-2, controller-4\n$/);
    const drains = cluster.kubectlCalls.filter((call) => call.startsWith("drain"));
    assert.equal(drains.length, 2);
    const again = await run();
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /removed: none; controller-4, worker-2 was out already/);
    assert.equal(cluster.changes.length, 3);
  });

  it("only tells of what is forgotten, with the commands", async () => {
    four();
    const { code, stdout, stderr } = await run({ ON_REMOVE: "forget" });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      new RegExp(
        `forgotten: controller-4 \\(10\\.0\\.0\\.14\\) is still etcd member ${memberId(3)}, still Node controller-4, still configured and running\\. To take it out by hand: talosctl --endpoints 10\\.0\\.0\\.11 --nodes 10\\.0\\.0\\.14 reset --graceful=true .*; then kubectl delete node controller-4`,
      ),
    );
    assert.match(stdout, /nothing was done to them \(onRemove: forget\)/);
    assert.deepEqual(cluster.changes, []);
    assert.deepEqual(nodes().length, 6);
  });

  it("names what an unreadable memory leaves open, and removes nothing", async () => {
    four();
    const { code, stdout } = await run({ PULUMI_COMMAND_STDOUT: "gibberish" });
    assert.equal(code, 0);
    assert.match(stdout, /cannot be read, so nothing is removed/);
    assert.match(stdout, /etcd member controller-4 is no controller of the stack, and stays/);
    assert.match(stdout, /Node worker-2 is no machine of the stack, and stays/);
    assert.deepEqual(cluster.changes, []);
  });

  it("refuses two controllers at once, before anything is done to the worker", async () => {
    cluster = new FakeCluster(talosctl, [first, second, third, fourth, fifth], [worker1, worker2]);
    const { code, stderr } = await run({
      PULUMI_COMMAND_STDOUT: previous([first, second, third, fourth, fifth], [worker1, worker2]),
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /controller-4 .*, controller-5 .*: not removed: one controller leaves in a run, not 2/,
    );
    assert.deepEqual(cluster.changes, []);
    assert.deepEqual(
      cluster.kubectlCalls.filter((call) => /^(drain|patch|delete)/.test(call)),
      [],
    );
  });

  it("refuses while teardown is on", async () => {
    four();
    const { code, stderr } = await run({ TEARDOWN: "true" });
    assert.equal(code, 1);
    assert.match(stderr, /teardown is on, .*side by side/);
    assert.deepEqual(cluster.changes, []);
  });

  it("removes what is left of a dead controller, and says that the machine was not wiped", async () => {
    four();
    cluster.switchOff(fourth);
    const { code, stdout, stderr } = await run({ DEADLINE_SECONDS: "24" });
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, [
      `10.0.0.22 ${gracefulReset}`,
      `10.0.0.11 etcd remove-member ${memberId(3)}`,
    ]);
    assert.match(
      stdout,
      /its etcd member removed, its Node controller-4 deleted\. The machine itself was not wiped.*Switch it off or wipe it/,
    );
  });

  it("does not bury a machine whose kubelet still reports", async () => {
    four();
    cluster.switchOff(fourth, true);
    const { code, stderr } = await run({ DEADLINE_SECONDS: "24" });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /it does not answer from here, but its Node controller-4 is Ready: it is alive/,
    );
    assert.equal(cluster.changes.length, 1, "the worker alone");
  });

  it("stops when the lists of members differ", async () => {
    four();
    const list = `${talosctl.directory}/answers/10.0.0.12/etcd_members.out`;
    fs.writeFileSync(list, fs.readFileSync(list, "utf8").split("\n").slice(0, -2).join("\n"));
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /worker-2 .*does not leave the cluster: controller-2 .* lists other etcd members than controller-1/,
    );
    assert.deepEqual(cluster.changes, []);
  });

  it("stops at a drain that is blocked, and touches no other machine", async () => {
    four();
    fs.writeFileSync(
      `${talosctl.directory}/kubectl-fails-drain`,
      "error: drain did not complete\n",
    );
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /worker-2 .*could not be drained/);
    assert.deepEqual(cluster.changes, []);
  });

  // Talos's own graceful reset would wait for an etcd that is not a member any more, and reboot unwiped.
  it("goes on after a run that was killed between etcd and the reset", async () => {
    four();
    // What a killed run left: the controller is out of etcd, and still configured.
    fs.rmSync(`${talosctl.directory}/answers/10.0.0.14/etcd_members.out`);
    for (const { address } of [first, second, third]) {
      const list = `${talosctl.directory}/answers/${address}/etcd_members.out`;
      const lines = fs.readFileSync(list, "utf8").split("\n");
      fs.writeFileSync(list, lines.filter((line) => !line.includes(memberId(3))).join("\n"));
    }
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, [`10.0.0.22 ${gracefulReset}`, `10.0.0.14 ${forcedReset}`]);
  });

  it("leaves what answers at an address of a machine that stays", async () => {
    cluster = new FakeCluster(talosctl, [first, second, third], [worker1]);
    const { code, stderr } = await run({
      PULUMI_COMMAND_STDOUT: previous([first, second, third], [{ ...worker1, hostname: "old-1" }]),
    });
    assert.equal(code, 1);
    assert.match(stderr, /old-1 .*: is not removed: its address belongs to worker-1 now/);
    assert.deepEqual(cluster.changes, []);
  });

  it("only reads and decides with --dry-run", async () => {
    four();
    const { code, stdout, stderr } = await run({}, "--dry-run");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /controller-4 .*: would drain its Node, leave etcd, wipe STATE and EPHEMERAL and reboot, and delete its Node/,
    );
    assert.deepEqual(cluster.changes, []);
    assert.equal(nodes().length, 6);
  });

  it("asks nothing of a machine that is empty already, and removes its Node", async () => {
    four();
    cluster.switchOff(worker2);
    answerInMaintenance(talosctl, worker2.address);
    cluster.switchOff(fourth);
    answerInMaintenance(talosctl, fourth.address);
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(cluster.changes, [`10.0.0.11 etcd remove-member ${memberId(3)}`]);
    assert.equal(nodes().length, 4);
  });
});
