import assert from "node:assert/strict";
import { killAt, momentOf } from "../../scripts/soak/moment";
import { prepareScene, soakVersions } from "../../scripts/soak/soak";
import { failureText } from "../../scripts/soak/summary";
import { killedUp, startUp, awaitInstallation, type Killer } from "../lab/killed-run";
import { Rehearsal } from "../lab/rehearsal";
import { assertAllServe, assertGentle, record } from "../lab/roll-out";

const kubernetes = "v1.35.3";
const [old, next] = soakVersions;

describe("a cluster whose upgrades are killed", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  /** Machines with a pin of their own. */
  const pins = new Map<string, string>();
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.171.0/24",
      controllers: 3,
      workers: 1,
      talosVersion: old,
      kubernetesVersion: kubernetes,
      config: { upgradeTimeoutSeconds: "180" },
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 }, imageFactory: { register: false } });
    await rehearsal.up();
    await rehearsal.writeCredentials();
  });
  after(() => rehearsal?.end());

  const pin = (machine: string, talosVersion: string) => {
    rehearsal.editNode(machine, { talosVersion });
    pins.set(machine, talosVersion);
  };

  /** Kills something in the middle of a run, does what a person does then, and returns what the next run says. */
  async function killAndGoOn(
    killer: Killer,
    machine: string,
    talosVersion: string,
    between: (killed: string) => Promise<void> | void,
  ): Promise<string> {
    pin(machine, talosVersion);
    const run = await record(rehearsal, async () => {
      const { code, output } = await killedUp(rehearsal, machine, killer);
      assert.notEqual(code, 0, output);
      await between(output);
      return rehearsal.up();
    });
    assert.deepEqual(run.upgraded, [machine]);
    assert.equal(run.boots[machine], 1);
    assertGentle(run, 1);
    await assertWell();
    await rehearsal.up("--expect-no-changes");
    return run.output;
  }

  /** What rids a stack of the warning about a create that was interrupted. */
  async function clearPendingCreates(): Promise<void> {
    const words = ["refresh", "--clear-pending-creates", "--yes", "--skip-preview"];
    const { code, output } = await rehearsal.project.pulumi([...words, "--stack", "lab"]);
    assert.equal(code, 0, output);
    assert.doesNotMatch(await rehearsal.up("--expect-no-changes"), /pending operations/);
  }

  /** Every machine serves, at its own pin, and none is left cordoned. */
  const assertWell = () =>
    assertAllServe(rehearsal, { talos: (name) => pins.get(name) ?? old, kubernetes });

  it("is locked after kill -9 of pulumi; after pulumi cancel the next run waits for what still runs", async () => {
    const output = await killAndGoOn("pulumi", "worker-1", next, async () => {
      assert.match(await rehearsal.failingUp(), /the stack is currently locked by 1 lock/);
      const { code, output } = await rehearsal.project.pulumi(["cancel", "--yes", "lab"]);
      assert.equal(code, 0, output);
    });
    assert.match(output, /waiting for another step on it to end|an earlier run upgraded it/);
    assert.match(output, /1 pending operations from previous deployment/);
    await clearPendingCreates();
  });

  it("goes on after kill -9 of the step, whose talosctl lives on", async () => {
    const output = await killAndGoOn("step", "controller-2", next, (killed) => {
      assert.match(killed, /talos-controller-2-upgrade.*\n?.*(signal: killed|exit status 137)/);
    });
    assert.match(output, /waiting for another step on it to end|an earlier run upgraded it/);
  });

  it("only restarts a machine whose talosctl was killed while it installed", async () => {
    const output = await killAndGoOn("talosctl", "worker-1", old, (killed) => {
      assert.match(killed, /worker-1 \(127\.0\.171\.21\): is not upgraded: talosctl ended/);
    });
    assert.match(output, /it is installed already, by a run that did not end/);
  });

  it("goes on after one Ctrl-C", async () => {
    await killAndGoOn("Ctrl-C", "controller-2", old, () => undefined);
  });

  it("refuses a second run beside the first, and lets a step by hand wait", async () => {
    pin("worker-1", next);
    const run = await record(rehearsal, async () => {
      const up = startUp(rehearsal);
      await awaitInstallation("worker-1", up);
      const [second, byHand] = await Promise.all([
        rehearsal.failingUp(),
        rehearsal.step("upgrade", "worker-1", "--stack", "lab"),
      ]);
      assert.match(second, /the stack is currently locked by 1 lock/);
      assert.equal(byHand.code, 0, byHand.output);
      assert.match(
        byHand.output,
        /worker-1 \(127\.0\.171\.21\): waiting for another step on it to end \(upgrade, process \d+/,
      );
      assert.match(byHand.output, /worker-1 \(127\.0\.171\.21\) is up to date/);
      assert.equal(await up.ended, 0, up.output());
      return up.output();
    });
    assert.deepEqual(run.upgraded, ["worker-1"]);
    assertGentle(run, 1);
    await assertWell();
    await rehearsal.up("--expect-no-changes");
  });

  it("is mended by the next step, at whatever moment an upgrade is killed", async () => {
    const [seed, moments] = [2, 20];
    const scene = await prepareScene(rehearsal.lab, ["worker-1"]);
    for (let number = 1; number <= moments; number += 1) {
      const report = await killAt(scene, momentOf(seed, number, ["worker-1"]));
      assert.deepEqual(report.problems, [], failureText(seed, report));
    }
  });
});
