import assert from "node:assert/strict";
import { Rehearsal } from "./rehearsal";
import { assertAllServe, assertGentle, planInFull, record } from "./roll-out";

const controllers = ["controller-1", "controller-2", "controller-3"];
const workers = ["worker-1", "worker-2", "worker-3"];
const all = [...controllers, ...workers];

const times = (count: number, names: readonly string[] = all): Record<string, number> =>
  Object.fromEntries(all.map((name) => [name, names.includes(name) ? count : 0]));

describe("a cluster that is upgraded by editing its pins", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.166.0/24",
      controllers: 3,
      workers: 3,
      talosVersion: "v1.12.0",
      kubernetesVersion: "v1.34.2",
      config: { upgradeTimeoutSeconds: "180", kubernetesUpgradeTimeoutSeconds: "300" },
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 }, imageFactory: { register: false } });
  });
  after(() => rehearsal?.end());

  it("comes up on what is pinned, with nothing to upgrade and no snapshot to take", async () => {
    const { upgraded, snapshots, report } = await record(rehearsal, () => rehearsal.up());
    await rehearsal.writeCredentials();
    await assertAllServe(rehearsal, { talos: "v1.12.0", kubernetes: "v1.34.2" });
    assert.deepEqual({ upgraded, snapshots }, { upgraded: [], snapshots: [] });
    assert.deepEqual(
      report.machines.map(({ applies }) => applies?.length),
      all.map(() => 1),
    );
  });

  it("shows before an upgrade which machines restart, and in which order", async () => {
    rehearsal.setConfig({ talosVersion: "v1.12.1" });
    const { plan, output } = await planInFull(rehearsal);
    assert.deepEqual(
      plan.machines.map(({ name, talos }) => [name, talos.running, talos.wanted]),
      all.map((name) => [name, "v1.12.0", "v1.12.1"]),
    );
    assert.match(output, /6 of 6 machines change, one at a time in this order/);
    assert.match(output, /first 6 upgrades, then 6 configs/);
    for (const name of all)
      assert.match(output, new RegExp(`${name} +upgrade: Talos v1.12.0 => v1.12.1 and it REBOOTS`));
  });

  it("upgrades one machine at a time in that order, each once, after a snapshot of etcd", async () => {
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, all);
    assertGentle(run, 1);
    assert.deepEqual(run.boots, times(1));
    assert.equal(run.snapshots.length, 1);
    assert.match(run.output, /etcd snapshot of controller-1 .* saved as snapshots\/lab-.* keys/);
    for (const { name, applies } of run.report.machines)
      assert.deepEqual(
        applies?.map(({ rebooted }) => rebooted),
        [false],
        `${name} gets its config once, and does not reboot for it`,
      );
    await assertAllServe(rehearsal, { talos: "v1.12.1", kubernetes: "v1.34.2" });
    await assertNothingToDo();
  });

  it("stops at the machine whose installer fails, and says what to do", async () => {
    rehearsal.setConfig({ talosVersion: "v1.13.0" });
    await rehearsal.fault("controller-2", "installer-fails");
    const run = await record(rehearsal, () => rehearsal.failingUp());
    assert.match(run.output, /controller-2 \(127\.0\.166\.12\): is not upgraded: .*exit code 1/);
    assert.match(run.output, /left as it is: controller-2 runs, with what it ran before/);
    assert.match(run.output, /to go back: set talosVersion .*Talos v1\.12\.1.*run pulumi up/);
    assert.deepEqual(run.upgraded, ["controller-1"]);
    // Talos 1.12 restarts a machine whose upgrade failed.
    assert.deepEqual(run.boots, times(1, ["controller-1", "controller-2"]));
    assertGentle(run, 0);
    await assertAllServe(rehearsal, {
      talos: (name) => (name === "controller-1" ? "v1.13.0" : "v1.12.1"),
      kubernetes: "v1.34.2",
    });
  });

  it("backs out of a half-done upgrade when the old pin is set again", async () => {
    rehearsal.setConfig({ talosVersion: "v1.12.1" });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["controller-1"]);
    assert.deepEqual(run.boots, times(1, ["controller-1"]));
    assertGentle(run, 0);
    await assertAllServe(rehearsal, { talos: "v1.12.1", kubernetes: "v1.34.2" });
    await assertNothingToDo();
  });

  it("goes on to the next minor with two workers at a time, where two may be out", async () => {
    await rehearsal.clearFaults();
    const rollout = { stableSeconds: 0, maxUnavailable: 2 };
    rehearsal.setConfig({ talosVersion: "v1.13.0", rollout });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded.slice(0, 3), controllers);
    assert.deepEqual(run.upgraded.slice(3, 5).sort(), workers.slice(0, 2));
    assert.deepEqual(run.upgraded.slice(5), workers.slice(2));
    assertGentle(run, 2);
    assert.deepEqual(run.boots, times(1));
    assert.equal(run.snapshots.length, 1);
    await assertAllServe(rehearsal, { talos: "v1.13.0", kubernetes: "v1.34.2" });
    await assertNothingToDo();
  });

  it("upgrades Kubernetes before any config names its new images, and restarts no machine", async () => {
    rehearsal.setConfig({ kubernetesVersion: "v1.35.3" });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, []);
    assert.deepEqual(run.boots, times(0));
    // Kubelets restart one after the other.
    assertGentle(run, 1);
    assert.equal(run.snapshots.length, 1);
    const moved = run.output.search(/talos-kubernetes-upgrade created.*v1\.35\.3/);
    const applied = run.output.search(/talos-controller-1-config updating/);
    assert.ok(moved > 0 && applied > moved, `configs come after Kubernetes:\n${run.output}`);
    // upgrade-k8s itself changes configs without a reboot; the stack's are applied as it may be.
    for (const { name, applies } of run.report.machines)
      assert.equal(applies?.filter(({ mode }) => mode === "AUTO").length, 1, name);
    await assertAllServe(rehearsal, { talos: "v1.13.0", kubernetes: "v1.35.3" });
    const images = await rehearsal.kubectl(
      ...["get", "pods", "--namespace", "kube-system", "-o"],
      "jsonpath={range .items[*]}{.spec.containers[0].image}{'\\n'}{end}",
    );
    assert.match(images, /kube-apiserver:v1\.35\.3/);
    assert.doesNotMatch(images, /:v1\.34/);
    await assertNothingToDo();
  });

  it("upgrades exactly the machines whose schematic changes", async () => {
    const schematic = { customization: { extraKernelArgs: ["net.ifnames=0"] } };
    for (const name of ["worker-2", "controller-3"]) rehearsal.editNode(name, { schematic });
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["controller-3", "worker-2"]);
    assert.deepEqual(run.boots, times(1, ["controller-3", "worker-2"]));
    assertGentle(run, 1);
    await assertAllServe(rehearsal, { talos: "v1.13.0", kubernetes: "v1.35.3" });
    await assertNothingToDo();
  });

  /** A second run of the same is empty. */
  async function assertNothingToDo(): Promise<void> {
    const again = await record(rehearsal, () => rehearsal.up("--expect-no-changes"));
    assert.deepEqual([again.report.events, again.snapshots], [[], []]);
  }
});
