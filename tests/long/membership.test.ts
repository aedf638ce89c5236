import assert from "node:assert/strict";
import {
  assertCluster,
  assertNothingToDo,
  happened,
  memberChanges,
  membersOf,
  nodesOf,
} from "../lab/members";
import { Rehearsal, type NodeEntry } from "../lab/rehearsal";
import { assertGentle, record } from "../lab/roll-out";

const three = ["controller-1", "controller-2", "controller-3"];
const five = [...three, "controller-4", "controller-5"];
const workers = ["worker-1", "worker-2"];

const sysctl = (value: string): string =>
  `machine:\n  sysctls:\n    vm.max_map_count: "${value}"\n`;

describe("a cluster whose machines come and go", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  /** Where nothing is ever switched off. */
  let through = "";
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.170.0/24",
      controllers: 3,
      workers: 2,
      spares: 2,
      talosVersion: "v1.13.0",
      kubernetesVersion: "v1.35.3",
      config: { healthTimeoutSeconds: "150", membershipTimeoutSeconds: "200" },
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 } });
    through = addressOf("controller-2");
  });
  after(() => rehearsal?.end());

  /** The spares are the fourth and the fifth controller. */
  function addressOf(name: string): string {
    const spares: Readonly<Record<string, string>> = {
      "controller-4": "spare-1",
      "controller-5": "spare-2",
    };
    return rehearsal.addressOf(spares[name] ?? name);
  }
  const addressesOf = (...names: readonly string[]): string[] => names.map(addressOf);

  function controller(name: string): NodeEntry {
    return { name, address: addressOf(name), controller: true, installDisk: "/dev/sda" };
  }

  async function switchOff(...names: readonly string[]): Promise<void> {
    for (const name of names) await rehearsal.lab.power(addressOf(name), "off");
  }

  it("grows from three controllers to five in one run that touches only the new ones", async () => {
    await rehearsal.up();
    await rehearsal.writeCredentials();
    await assertCluster(rehearsal, through, { controllers: three, workers });

    rehearsal.addNodes(controller("controller-4"), controller("controller-5"));
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(happened(run, "apply"), addressesOf("controller-4", "controller-5"));
    assert.deepEqual(
      memberChanges(run),
      addressesOf("controller-4", "controller-5").flatMap((address) => [
        `added ${address}`,
        `promoted ${address}`,
      ]),
    );
    for (const name of [...three, ...workers]) assert.equal(run.boots[name], 0, name);
    assert.equal(run.snapshots.length, 1);
    assert.match(run.output, /etcd snapshot comes first: controller-4, controller-5 will join/);
    assertGentle(run, 0);
    await assertCluster(rehearsal, through, { controllers: five, workers });
    await assertNothingToDo(rehearsal);
  });

  it("replaces a controller that lost its disk: the dead member goes before the new one joins", async () => {
    await rehearsal.lab.wipe(addressOf("controller-5"));
    rehearsal.editNode("controller-5", { incarnation: 2 });
    const run = await record(rehearsal, () => rehearsal.up());
    const [address = ""] = addressesOf("controller-5");
    assert.deepEqual(memberChanges(run), [
      `removed ${address}`,
      `added ${address}`,
      `promoted ${address}`,
    ]);
    assert.deepEqual(happened(run, "apply"), [address]);
    assert.equal(run.snapshots.length, 1);
    assertGentle(run, 0);
    await assertCluster(rehearsal, through, { controllers: five, workers });
    await assertNothingToDo(rehearsal);
  });

  it("goes round a dead controller and a dead worker that are on hold, and says so before", async () => {
    const dead = ["controller-1", "worker-2"];
    await switchOff(...dead);
    for (const name of dead) rehearsal.editNode(name, { hold: true });
    rehearsal.project.write("patches/global/sysctl.yaml", sysctl("262144"));
    const { plan, output } = await rehearsal.plan();
    assert.deepEqual(
      plan.machines.filter(({ hold }) => hold).map(({ name }) => name),
      dead,
    );
    for (const name of dead)
      assert.match(
        output,
        new RegExp(`${name} +on hold: not read, not changed, counted as down`),
        output,
      );

    const run = await record(rehearsal, () => rehearsal.up());
    const alive = [...five, ...workers].filter((name) => !dead.includes(name));
    assert.deepEqual(happened(run, "apply"), addressesOf(...alive));
    assert.match(run.output, /controller-1, worker-2 on hold: left out/);
    assertGentle(run, 1);
    assert.deepEqual(
      (await nodesOf(rehearsal)).filter((text) => text.endsWith("(not Ready)")),
      dead.map((name) => `${name} (not Ready)`),
    );
    await assertNothingToDo(rehearsal);
  });

  it("gives them what they missed when they are back and off hold", async () => {
    const back = ["controller-1", "worker-2"];
    for (const name of back) {
      await rehearsal.lab.power(addressOf(name), "on");
      rehearsal.editNode(name, { hold: undefined });
    }
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(happened(run, "apply"), addressesOf(...back));
    assert.deepEqual(memberChanges(run), []);
    await assertCluster(rehearsal, through, { controllers: five, workers });
    await assertNothingToDo(rehearsal);
  });

  it("refuses to let two controllers go in one run, before anything is touched", async () => {
    rehearsal.setConfig({ onRemove: "reset" });
    const [four] = rehearsal.removeNodes("controller-4", "controller-5");
    const refusal = /one controller is removed in a run, not 2/;
    const seen = await rehearsal.look();
    assert.notEqual(seen.code, 0, seen.output);
    assert.match(seen.output, refusal);
    const run = await record(rehearsal, () => rehearsal.failingUp());
    assert.match(run.output, refusal);
    assert.deepEqual(run.report.events, []);
    rehearsal.addNodes(four ?? {});
  });

  it("drains and resets the controller and the worker that go, and leaves nothing of them", async () => {
    rehearsal.removeNodes("worker-2");
    const { output } = await rehearsal.plan();
    assert.match(
      output,
      /controller-5 is an etcd member .*it will be drained, leave etcd, and be reset/,
    );
    const run = await record(rehearsal, () => rehearsal.up());
    for (const name of ["worker-2", "controller-5"])
      assert.match(run.output, new RegExp(`${name} .*Node ${name} is drained`));
    assert.deepEqual(happened(run, "reset"), addressesOf("worker-2", "controller-5"));
    assert.deepEqual(memberChanges(run), [`left ${addressOf("controller-5")}`]);
    assert.deepEqual(happened(run, "apply"), []);
    assert.equal(run.snapshots.length, 1);
    // The worker is out from its wipe on, alone; the controller left etcd before its own.
    assertGentle(run, 1);
    assert.equal(run.report.invariants.maxControllersOut, 0);
    await assertInMaintenance("worker-2", "controller-5");
    const controllers = five.slice(0, 4);
    await assertCluster(rehearsal, through, { controllers, workers: ["worker-1"] });
    await assertNothingToDo(rehearsal);
  });

  it("takes a dead controller out, be it the first one, and says that it was not wiped", async () => {
    await switchOff("controller-1");
    rehearsal.removeNodes("controller-1");
    const run = await record(rehearsal, () => rehearsal.up());
    assert.match(
      run.output,
      /controller-1 \(127\.0\.170\.11\) is out of the cluster: it does not answer, its etcd member removed, its Node controller-1 deleted\. The machine itself was not wiped/,
    );
    assert.deepEqual(memberChanges(run), [`removed ${addressOf("controller-1")}`]);
    assert.deepEqual([happened(run, "reset"), happened(run, "apply")], [[], []]);
    assertGentle(run, 0);
    const controllers = five.slice(1, 4);
    await assertCluster(rehearsal, through, { controllers, workers: ["worker-1"] });
    await assertNothingToDo(rehearsal);
  });

  it("says of a machine that it only forgets what it still is, and touches nothing", async () => {
    rehearsal.setConfig({ onRemove: "forget" });
    const [worker] = rehearsal.removeNodes("worker-1");
    const run = await record(rehearsal, () => rehearsal.up());
    assert.match(
      run.output,
      /forgotten: worker-1 \(127\.0\.170\.21\) is still Node worker-1, still configured and running\. To take it out by hand: talosctl .* reset .*kubectl delete node worker-1/,
    );
    assert.deepEqual(run.report.events, []);
    const controllers = five.slice(1, 4);
    await assertCluster(rehearsal, through, { controllers, workers: ["worker-1"] });
    await assertNothingToDo(rehearsal);

    rehearsal.addNodes(worker ?? {});
    const again = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(happened(again, "apply"), addressesOf("worker-1"));
    assert.equal(again.boots["worker-1"], 0, "a machine that is taken back goes on as it is");
  });

  it("does not let the last controller go", async () => {
    const before = await rehearsal.lab.report();
    const controllers = rehearsal.removeNodes(...five);
    assert.match((await rehearsal.look()).output, /holds no controller/);
    assert.match(await rehearsal.failingUp(), /holds no controller/);
    rehearsal.addNodes(...controllers);
    assert.deepEqual((await rehearsal.lab.report()).events, before.events);
  });

  it("lets no machine go on its own while the whole cluster is to be taken down", async () => {
    rehearsal.setConfig({ teardown: true, protectSecrets: false });
    await rehearsal.up();
    await assertNothingToDo(rehearsal);

    const [worker] = rehearsal.removeNodes("worker-1");
    const run = await record(rehearsal, () => rehearsal.failingUp());
    assert.match(run.output, /worker-1 .*not removed: teardown is on/);
    assert.deepEqual(run.report.events, []);
    rehearsal.addNodes(worker ?? {});
    assert.equal((await membersOf(rehearsal, through)).length, 3);
  });

  it("resets every machine when it is destroyed, and is gone", async () => {
    const run = await record(rehearsal, async () => {
      const destroyed = await destroy();
      assert.equal(destroyed.code, 0, destroyed.output);
      return destroyed.output;
    });
    const machines = [...five.slice(1, 4), "worker-1"];
    assert.deepEqual(happened(run, "reset").sort(), addressesOf(...machines).sort());
    await assertInMaintenance(...machines);
  });

  async function assertInMaintenance(...names: readonly string[]): Promise<void> {
    const { machines } = await rehearsal.lab.report();
    for (const name of names) {
      const found = machines.find(({ address }) => address === addressOf(name));
      assert.deepEqual([found?.name, found?.role, found?.stage], ["", "", "maintenance"], name);
    }
  }

  function destroy() {
    const words = ["destroy", "--yes", "--skip-preview", "--stack", "lab"];
    return rehearsal.project.pulumi(words);
  }
});
