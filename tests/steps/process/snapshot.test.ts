import assert from "node:assert/strict";
import fs from "node:fs";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import { answerAsLive, first, pins, second, SEEDS } from "./cluster";
import { answerSnapshots } from "./fake-snapshot";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** Snapshots of etcd, by hand and before a risky run, against a talosctl that answers with recorded texts. */
describe("etcd snapshots", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let directory: string;
  beforeEach(() => {
    talosctl = new FakeTalosctl();
    directory = `${talosctl.directory}/deep/snapshots`;
    answerSnapshots(talosctl);
  });
  afterEach(() => talosctl.remove());

  const modeOf = (path: string) => (fs.statSync(path).mode & 0o777).toString(8);
  const files = () => (fs.existsSync(directory) ? fs.readdirSync(directory).sort() : []);
  const broken = "error reading: rpc error: code = Unavailable desc = EOF";

  describe("step snapshot", () => {
    const run = (environment: Record<string, string> = {}, flags?: string) =>
      runStepCommand("snapshot", talosctl, {
        environment: { SEEDS, SNAPSHOT_DIRECTORY: directory, ...environment },
        ...(flags !== undefined && { flags }),
      });

    it("saves one that only its user can read, and says what is in it", async () => {
      answerAsLive(talosctl);
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /of controller-1 \(10\.0\.0\.11\) saved as \S+\.snapshot \(0\.0 MiB, hash 0a1b2c3d, revision 812, 301 keys\)/,
      );
      const [name, ...others] = files();
      assert.deepEqual(others, []);
      assert.match(name ?? "", /^test-\d{8}T\d{6}Z\.snapshot$/);
      assert.deepEqual([modeOf(directory), modeOf(`${directory}/${name}`)], ["700", "600"]);
    });

    it("keeps ten of its cluster, and everything else", async () => {
      answerAsLive(talosctl);
      fs.mkdirSync(directory, { recursive: true });
      const old = Array.from({ length: 10 }, (_, day) => `test-202501${day + 10}T000000Z.snapshot`);
      const strange = ["other-20200101T000000Z.snapshot", "test-20200101T000000Z.snapshot.txt"];
      for (const name of [...old, ...strange]) fs.writeFileSync(`${directory}/${name}`, "");
      fs.mkdirSync(`${directory}/test-20190101T000000Z.snapshot`);
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /removed from .*: test-20250110T000000Z\.snapshot\n/);
      assert.equal(files().length, 10 + strange.length + 1);
      for (const name of strange) assert.ok(files().includes(name), name);
    });

    it("leaves nothing behind when the stream breaks, after asking every controller", async () => {
      answerAsLive(talosctl);
      answerSnapshots(talosctl, { fails: broken });
      const { code, stderr } = await run();
      assert.equal(code, 1);
      assert.match(
        stderr,
        /no etcd snapshot could be saved[^]*controller-1[^]*controller-2[^]*talos-cluster snapshot again/,
      );
      assert.deepEqual(files(), []);
    });

    it("needs a live etcd, and saves nothing in a dry run", async () => {
      for (const { address } of [first, second]) answerInMaintenance(talosctl, address);
      const fresh = await run();
      assert.equal(fresh.code, 1);
      assert.match(fresh.stderr, /there is no live etcd/);
      answerAsLive(talosctl);
      const dry = await run({}, "--dry-run");
      assert.match(dry.stdout, /would save an etcd snapshot of controller-1/);
      assert.deepEqual(files(), []);
    });
  });

  describe("before a run", () => {
    const plan = { CONTROLLERS: SEEDS, ...pins, DEADLINE_SECONDS: "30" };
    const run = (environment: Record<string, string> = {}) =>
      runStepCommand("preflight", talosctl, {
        environment: { ...plan, SNAPSHOT_DIRECTORY: directory, ...environment },
      });

    it("comes before versions move, and says what does", async () => {
      for (const machine of [first, second])
        answerAsOurs(talosctl, {
          ...machine,
          members: [first, second],
          talosVersion: "v1.12.4",
          kubernetesVersion: "v1.34.1",
        });
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /controller-1: Talos v1\.12\.4 -> v1\.13\.0\n/);
      assert.match(stdout, /Kubernetes v1\.34\.1 -> v1\.35\.3 on 2 machines\n/);
      assert.match(stdout, /comes first: 2 machines are upgraded, Kubernetes moves\n/);
      assert.equal(files().length, 1);
    });

    it("comes before a controller joins", async () => {
      answerAsLive(talosctl);
      answerInMaintenance(talosctl, "10.0.0.13");
      const { code, stdout, stderr } = await run({
        CONTROLLERS: `${SEEDS},controller-3=10.0.0.13`,
      });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /comes first: controller-3 will join etcd\n/);
      assert.equal(files().length, 1);
    });

    it("is not taken when nothing moves, nor of a cluster that is not there, nor when turned off", async () => {
      answerAsLive(talosctl);
      assert.equal((await run()).code, 0);
      const off = { ...plan, KUBERNETES_VERSION: "v1.35.4" };
      const { code, stdout } = await runStepCommand("preflight", talosctl, { environment: off });
      assert.equal(code, 0);
      assert.match(stdout, /no etcd snapshot is taken: snapshots are turned off/);
      for (const { address } of [first, second]) {
        fs.rmSync(`${talosctl.directory}/answers/${address}`, { recursive: true });
        answerInMaintenance(talosctl, address);
      }
      assert.equal((await run()).code, 0);
      assert.deepEqual(files(), []);
    });

    it("stops the run when it cannot be had, and says how to go without", async () => {
      answerAsLive(talosctl);
      answerSnapshots(talosctl, { fails: broken });
      const { code, stderr } = await run({ KUBERNETES_VERSION: "v1.35.4" });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /no etcd snapshot could be saved[^]*nothing was changed[^]*snapshots\.enabled: false/,
      );
    });

    it("does not count a machine on hold, and refuses two controllers that leave at once", async () => {
      answerAsOurs(talosctl, { ...first, members: [first, second] });
      const held = await run({ HELD: "controller-2" });
      assert.equal(held.code, 0, held.stderr);
      assert.match(held.stdout, /on hold, not read, and counted as down: controller-2\n/);
      assert.deepEqual(
        talosctl.calls.filter((call) => call.startsWith(second.address)),
        [],
      );
      const third = { hostname: "controller-3", address: "10.0.0.13" };
      answerAsOurs(talosctl, { ...first, members: [first, second, third] });
      const { code, stderr } = await run({
        CONTROLLERS: "controller-1=10.0.0.11",
        ON_REMOVE: "reset",
      });
      assert.equal(code, 1);
      assert.match(stderr, /controller-2, controller-3 are etcd members/);
    });
  });
});
