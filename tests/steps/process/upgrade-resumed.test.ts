import assert from "node:assert/strict";
import fs from "node:fs";
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

/** The step upgrade after an earlier one was killed. */
describe("step upgrade, after a run that was killed", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let kubectl: FakeKubectl;
  beforeEach(() => ({ talosctl, kubectl } = startUpgradableCluster()));
  afterEach(() => talosctl.remove());

  const run = (more: Record<string, string> = {}) =>
    runStepCommand("upgrade", talosctl, { environment: { ...upgradeWorker, ...more } });
  const upgrades = () => talosctl.calls.filter((call) => / upgrade /.test(call));
  const upgraded = () => becomes(talosctl, { ...worker, talosVersion: "v1.13.1" });

  it("waits for the talosctl it left, then finishes without a second upgrade", async () => {
    const script = `sleep 4; ${becomes(talosctl, { ...worker, talosVersion: "v1.13.1", cordonedBy: "worker-1, upgrade" })}`;
    onUpgrade(talosctl, worker.address, "v1.13.1", { script });
    const killed = runStepCommand("upgrade", talosctl, {
      environment: upgradeWorker,
      during: (child) => {
        const timer = setInterval(() => {
          if (upgrades().length === 0) return;
          clearInterval(timer);
          child.kill("SIGKILL");
        }, 50);
      },
    });
    assert.equal((await killed).code, null);
    assert.equal(kubectl.node("worker-1").cordoned, true);
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    says(
      stdout,
      /waiting for another step on it to end/,
      /an earlier run upgraded it/,
      /is uncordoned/,
    );
    assert.equal(upgrades().length, 1);
    assert.deepEqual(kubectl.node("worker-1"), { cordoned: false, annotations: {} });
  });

  it("only restarts a machine that has the system installed", async () => {
    answerAsUpgradable(talosctl, {
      ...worker,
      kernelLog: [
        `10.0.0.21: user: warning: [talos] starting upgrade: installer_image=${imageOf("v1.13.1")}, disk=/dev/sda`,
        "10.0.0.21: user: warning: [talos] upgrade completed successfully: exit_code=0",
      ].join("\n"),
    });
    talosctl.answer(worker.address, "reboot --wait --progress=plain", { script: upgraded() });
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /it is installed already, by a run that did not end: it is only restarted/,
    );
    assert.deepEqual(upgrades(), []);
    assert.deepEqual(
      kubectl.changes.map((call) => call.split(" ")[0]),
      ["patch", "drain", "patch"],
    );
  });

  it("waits for an installation that goes on in the machine, and then only restarts it", async () => {
    const kernelLog = [
      `10.0.0.21: user: warning: [talos] starting upgrade: installer_image=${imageOf("v1.13.1")}, disk=/dev/sda`,
      "10.0.0.21: user: warning: [talos] upgrade completed successfully: exit_code=0",
    ].join("\n");
    upgraded();
    const installed = {
      script: `cp ${talosctl.directory}/restarted/* ${talosctl.directory}/answers/10.0.0.21/`,
    };
    fs.cpSync(`${talosctl.directory}/later/10.0.0.21`, `${talosctl.directory}/restarted`, {
      recursive: true,
    });
    onUpgrade(talosctl, worker.address, "v1.13.1", {
      script: becomes(talosctl, { ...worker, kernelLog, bootId: "boot-1" }),
      stderr:
        "error during upgrade: error from node 10.0.0.21: rpc error: code = FailedPrecondition desc = another installation/upgrade is already in progress\n",
      code: 1,
    });
    talosctl.answer(worker.address, "reboot --wait --progress=plain", installed);
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /again, since another installation\/upgrade is already in progress/);
    assert.equal(upgrades().length, 1);
    assert.equal(talosctl.calls.filter((call) => / reboot /.test(call)).length, 1);
  });

  it("uncordons a machine that the pin was set back for", async () => {
    const cordonedBy = "worker-1, upgrade, 2026-11-25T00:00:00.000Z";
    answerAsUpgradable(talosctl, { ...worker, cordonedBy });
    kubectl.setNodes(
      all.map(({ hostname, address }) => ({
        name: hostname,
        address,
        ...(hostname === "worker-1" && {
          cordoned: true,
          annotations: { "talos-cluster.dev/cordoned": cordonedBy },
        }),
      })),
    );
    const { code, stderr } = await run({
      TALOS_VERSION: "v1.13.0",
      INSTALLER_IMAGE: imageOf("v1.13.0"),
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(upgrades(), []);
    assert.deepEqual(kubectl.node("worker-1"), { cordoned: false, annotations: {} });
  });
});
