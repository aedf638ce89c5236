import assert from "node:assert/strict";
import fs from "node:fs";
import { answerInMaintenance } from "../recorded";
import { first, third } from "./cluster";
import type { FakeKubectl } from "./fake-kubectl";
import type { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";
import {
  all,
  answerAsUpgradable,
  becomes,
  imageOf,
  onUpgrade,
  says,
  startUpgradableCluster,
  upgradeWorker,
  worker,
} from "./upgrade-cluster";

/** The step upgrade, run as a resource runs it, against stand-ins that keep what is done to them. */
describe("step upgrade", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let kubectl: FakeKubectl;
  beforeEach(() => ({ talosctl, kubectl } = startUpgradableCluster()));
  afterEach(() => talosctl.remove());

  const onController = {
    ...upgradeWorker,
    NODE: "controller-1",
    ADDRESS: "10.0.0.11",
    ROLE: "controller",
  };
  const run = (more: Record<string, string> = {}, flags = "") =>
    runStepCommand("upgrade", talosctl, { environment: { ...upgradeWorker, ...more }, flags });
  const upgrades = () => talosctl.calls.filter((call) => / upgrade /.test(call));
  const upgraded = () => becomes(talosctl, { ...worker, talosVersion: "v1.13.1" });
  const verbs = () => kubectl.changes.map((call) => call.split(" ")[0]);

  it("does nothing when the machine runs what is wanted", async () => {
    const { code, stdout } = await run({
      TALOS_VERSION: "v1.13.0",
      INSTALLER_IMAGE: imageOf("v1.13.0"),
    });
    assert.equal(code, 0);
    assert.match(stdout, /is up to date: it runs Talos v1\.13\.0/);
    assert.deepEqual([upgrades(), kubectl.changes], [[], []]);
  });

  describe("on a machine in maintenance mode", () => {
    beforeEach(() => {
      fs.rmSync(`${talosctl.directory}/answers/10.0.0.21`, { recursive: true });
      answerInMaintenance(talosctl, "10.0.0.21");
    });

    it("has nothing to upgrade when the cluster does not know it, and sends it nothing", async () => {
      kubectl.setNodes([{ name: first.hostname, address: first.address }]);
      const { code, stdout } = await run();
      assert.equal(code, 0);
      assert.match(stdout, /nothing to upgrade yet: it is installed with its first configuration/);
    });

    it("is not done when the cluster has its Node: it would not be made up for later", async () => {
      const { code, stderr } = await run();
      assert.equal(code, 1);
      says(stderr, /^worker-1 .*now answers in maintenance mode/m, /set incarnation: 2 for/);
    });

    it("has nothing to upgrade once a person has said that it was reinstalled", async () => {
      const { code, stdout } = await run({ INCARNATION: "2" });
      assert.equal(code, 0);
      assert.match(stdout, /nothing to upgrade yet/);
    });
  });

  it("pulls, drains, upgrades through a controller, reads back and uncordons, in this order", async () => {
    onUpgrade(talosctl, worker.address, "v1.13.1", { script: upgraded() });
    const { code, stdout, stderr } = await run({ STABLE_SECONDS: "1" });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /worker-1 \(10\.0\.0\.21\) is upgraded: Talos v1\.13\.1, schematic aaaaaaaa/,
    );
    assert.deepEqual(verbs(), ["patch", "drain", "patch"]);
    assert.match(
      kubectl.changes[1] ?? "",
      /^drain worker-1 --ignore-daemonsets --delete-emptydir-data --force --timeout=\d+s$/,
    );
    assert.deepEqual(kubectl.node("worker-1"), { cordoned: false, annotations: {} });
    const order = talosctl.calls.filter((call) => /image pull| upgrade /.test(call));
    assert.match(order[0] ?? "", /image pull --namespace system/);
    assert.equal(order.length, 2);
    assert.match(talosctl.callsThrough.at(-1) ?? "", /^10\.0\.0\.11 10\.0\.0\.21 upgrade /);
    assert.match(stdout, /drained[^]*well; watching it for 1 s/);
  });

  it("upgrades a controller through another one", async () => {
    const script = becomes(talosctl, { ...first, talosVersion: "v1.13.1" });
    onUpgrade(talosctl, first.address, "v1.13.1", { script });
    const { code, stderr } = await run(onController);
    assert.equal(code, 0, stderr);
    assert.match(talosctl.callsThrough.at(-1) ?? "", /^10\.0\.0\.12 10\.0\.0\.11 upgrade /);
  });

  it("never has two controllers out at once, although both steps find the cluster whole", async () => {
    const numbers = ["1", "2"];
    for (const number of numbers) {
      const machine = { hostname: `controller-${number}`, address: `10.0.0.1${number}` };
      const log = `${talosctl.directory}/out`;
      const script = `echo ${number} out >> ${log}; sleep 2; ${becomes(talosctl, { ...machine, talosVersion: "v1.13.1" })}; echo ${number} back >> ${log}`;
      onUpgrade(talosctl, machine.address, "v1.13.1", { script });
    }
    const ended = await Promise.all(
      numbers.map((number) =>
        run({ ...onController, NODE: `controller-${number}`, ADDRESS: `10.0.0.1${number}` }),
      ),
    );
    for (const { code, stderr } of ended) assert.equal(code, 0, stderr);
    const out = fs.readFileSync(`${talosctl.directory}/out`, "utf8").trim().split("\n");
    assert.equal(out[0]?.replace("out", "back"), out[1]);
    assert.equal(out[2]?.replace("out", "back"), out[3]);
    assert.match(
      ended.map(({ stdout }) => stdout).join(""),
      /the controllers \(test, CA [0-9a-f]{8}\): waiting for another step/,
    );
  });

  it("lets a machine before 1.13 pull the image itself", async () => {
    answerAsUpgradable(talosctl, { ...worker, talosVersion: "v1.12.1" });
    onUpgrade(talosctl, worker.address, "v1.13.1", { script: upgraded() });
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      talosctl.calls.filter((call) => /image pull|dmesg/.test(call)),
      [],
    );
  });

  it("leaves a Node that somebody else cordoned as it was", async () => {
    kubectl.setNodes(
      all.map(({ hostname, address }) => ({
        name: hostname,
        address,
        cordoned: hostname === "worker-1",
      })),
    );
    onUpgrade(talosctl, worker.address, "v1.13.1", { script: upgraded() });
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.match(stdout, /somebody else had cordoned it/);
    assert.deepEqual(verbs(), ["drain"]);
    assert.equal(kubectl.node("worker-1").cordoned, true);
  });

  it("stops before the drain when the image cannot be pulled", async () => {
    talosctl.answer(worker.address, `image pull --namespace system ${imageOf("v1.13.1")}`, {
      stderr: `error pulling image: error from node 10.0.0.21: rpc error: code = NotFound desc = failed to pull image "${imageOf("v1.13.1")}": not found\n`,
      code: 1,
    });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    says(stderr, /cannot pull its installer image: .*not found/, /was not drained/);
    assert.deepEqual([upgrades(), kubectl.changes], [[], []]);
  });

  it("names the pods that a drain could not move, and takes its cordon back", async () => {
    kubectl.fail("drain", "error when evicting pods: global timeout reached");
    const labels = { app: "web" };
    kubectl.answer("pods", { items: [{ metadata: { name: "web-0", namespace: "shop", labels } }] });
    const spec = { selector: { matchLabels: labels } };
    kubectl.answer("poddisruptionbudgets", {
      items: [
        { metadata: { name: "web", namespace: "shop" }, spec, status: { disruptionsAllowed: 0 } },
      ],
    });
    const { code, stderr } = await run({ DRAIN_TIMEOUT_SECONDS: "3" });
    assert.equal(code, 1);
    says(
      stderr,
      /could not be drained within 3 s, so the machine was not touched/,
      /pod shop\/web-0 may not be moved: its disruption budget web/,
      /worker-1 runs as before; its Node worker-1 is uncordoned again/,
    );
    assert.deepEqual([upgrades(), kubectl.node("worker-1").cordoned], [[], false]);
  });

  it("fails with the installer's last word, and uncordons", async () => {
    onUpgrade(talosctl, worker.address, "v1.13.1", {
      stderr:
        "10.0.0.21: running pre-flight checks\n10.0.0.21: host version is too old\n10.0.0.21: Exit code: 1\n",
      code: 1,
    });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    says(
      stderr,
      /is not upgraded: the installer ended with exit code 1: host version is too old/,
      /runs as before; its Node worker-1 is uncordoned again/,
      /to go back: set talosVersion .* to what it ran before, Talos v1\.13\.0/,
    );
    assert.equal(kubectl.node("worker-1").cordoned, false);
  });

  it("takes a machine that fell back for a failure, although talosctl does not", async () => {
    onUpgrade(talosctl, worker.address, "v1.13.1", {
      script: becomes(talosctl, { ...worker, talosVersion: "v1.13.0" }),
    });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    says(stderr, /fell back: it restarted, and runs what it ran before/, /it runs Talos v1\.13\.0/);
    assert.equal(kubectl.node("worker-1").cordoned, false);
  });

  it("leaves a machine that does not come back cordoned, and names its last sign", async () => {
    onUpgrade(talosctl, worker.address, "v1.13.1", {
      script: `rm -r ${talosctl.directory}/answers/10.0.0.21; exec sleep 30`,
    });
    const { code, stderr, seconds } = await run({ DEADLINE_SECONDS: "12" });
    assert.equal(code, 1);
    says(
      stderr,
      /is not back and well within 12 s/,
      /nothing answers at port 50000/,
      /stays cordoned/,
    );
    assert.equal(kubectl.node("worker-1").cordoned, true);
    assert.ok(seconds < 25, `${seconds} s`);
  });

  it("refuses while another controller is down, and touches nothing", async () => {
    fs.rmSync(`${talosctl.directory}/answers/${third.address}`, { recursive: true });
    const { code, stderr } = await run({ ...onController, DEADLINE_SECONDS: "6" });
    assert.equal(code, 1);
    says(
      stderr,
      /is not upgraded: another controller is down: controller-3/,
      /nothing was changed/,
    );
    assert.deepEqual([upgrades(), kubectl.changes], [[], []]);
  });

  it("goes on while a controller on hold is down, where the rest is a quorum without the machine", async () => {
    fs.rmSync(`${talosctl.directory}/answers/${third.address}`, { recursive: true });
    onUpgrade(talosctl, worker.address, "v1.13.1", { script: upgraded() });
    const { code, stdout, stderr } = await run({ HELD: "controller-3" });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /controller-3 is on hold and counts as down/);
    assert.deepEqual(
      talosctl.calls.filter((call) => call.startsWith("10.0.0.13 ")),
      [],
    );
  });

  it("refuses when the Kubernetes API does not answer although etcd lives", async () => {
    kubectl.fail("get", "The connection to the server was refused");
    const { code, stderr } = await run({ DEADLINE_SECONDS: "6" });
    assert.equal(code, 1);
    assert.match(stderr, /its Node cannot be drained: The connection to the server was refused/);
    assert.deepEqual(upgrades(), []);
  });

  it("upgrades without a drain where there is no Node", async () => {
    kubectl.setNodes([]);
    onUpgrade(talosctl, worker.address, "v1.13.1", { script: upgraded() });
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /it has no Node that could be drained/);
    assert.deepEqual(kubectl.changes, []);
  });

  it("only says what it would do in a dry run", async () => {
    const { code, stdout, stderr } = await run({}, "--dry-run");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /would drain its Node worker-1 and upgrade it through controller-1 .*v1\.13\.0 to v1\.13\.1/,
    );
    assert.deepEqual([upgrades(), kubectl.changes], [[], []]);
  });
});
