import assert from "node:assert/strict";
import fs from "node:fs";
import type { FakeKubectl } from "./fake-kubectl";
import type { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";
import { answerAsUpgradable, becomes, startUpgradableCluster, worker } from "./upgrade-cluster";

/** The step reboot, run as a person runs it. */
describe("step reboot", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let kubectl: FakeKubectl;
  beforeEach(() => ({ talosctl, kubectl } = startUpgradableCluster()));
  afterEach(() => talosctl.remove());

  const environment = {
    NODE: "worker-1",
    ADDRESS: "10.0.0.21",
    ROLE: "worker",
    SEEDS: "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13",
    STABLE_SECONDS: "0",
    DEADLINE_SECONDS: "30",
  };
  const run = (more: Record<string, string> = {}, flags = "") =>
    runStepCommand("reboot", talosctl, { environment: { ...environment, ...more }, flags });
  const reboots = () => talosctl.calls.filter((call) => / reboot /.test(call));

  it("drains, restarts through a controller, and uncordons", async () => {
    talosctl.answer(worker.address, "reboot --wait --progress=plain", {
      script: becomes(talosctl, worker),
    });
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /worker-1 \(10\.0\.0\.21\) is rebooted: Talos v1\.13\.0/);
    assert.deepEqual(
      kubectl.changes.map((call) => call.split(" ")[0]),
      ["patch", "drain", "patch"],
    );
    assert.match(talosctl.callsThrough.at(-1) ?? "", /^10\.0\.0\.11 10\.0\.0\.21 reboot /);
    assert.equal(kubectl.node("worker-1").cordoned, false);
  });

  it("is not content with a machine that never went away", async () => {
    talosctl.answer(worker.address, "reboot --wait --progress=plain", {});
    const { code, stderr } = await run({ DEADLINE_SECONDS: "10" });
    assert.equal(code, 1);
    assert.match(stderr, /is not back and well within 10 s.*\n.*\n.*it has not restarted yet/);
  });

  it("names what talosctl says when it is refused, and uncordons", async () => {
    talosctl.answer(worker.address, "reboot --wait --progress=plain", {
      stderr: `"10.0.0.21": rpc error: code = PermissionDenied desc = not authorized\n`,
      code: 1,
    });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /is not rebooted: not authorized/);
    assert.equal(kubectl.node("worker-1").cordoned, false);
  });

  it("refuses a machine of another name, and touches nothing", async () => {
    answerAsUpgradable(talosctl, { ...worker, hostname: "db-1" });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /is not rebooted: the machine at this address is "db-1"/);
    assert.deepEqual([reboots(), kubectl.changes], [[], []]);
  });

  it("refuses while a controller is down", async () => {
    fs.rmSync(`${talosctl.directory}/answers/10.0.0.13`, { recursive: true });
    const { code, stderr } = await run({ DEADLINE_SECONDS: "6" });
    assert.equal(code, 1);
    assert.match(stderr, /is not rebooted: another controller is down: controller-3/);
    assert.deepEqual(reboots(), []);
  });

  it("only says what it would do in a dry run", async () => {
    const { code, stdout, stderr } = await run({}, "--dry-run");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /would drain its Node worker-1 and reboot it through controller-1/);
    assert.deepEqual([reboots(), kubectl.changes], [[], []]);
  });
});
