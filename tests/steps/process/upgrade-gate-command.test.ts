import assert from "node:assert/strict";
import fs from "node:fs";
import type { FakeKubectl } from "./fake-kubectl";
import type { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";
import {
  becomes,
  onUpgrade,
  says,
  startUpgradableCluster,
  upgradeWorker,
  worker,
} from "./upgrade-cluster";

/** A person's own check before the step upgrade. */
describe("step upgrade, with a gate command", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let kubectl: FakeKubectl;
  beforeEach(() => ({ talosctl, kubectl } = startUpgradableCluster()));
  afterEach(() => talosctl.remove());

  const run = (more: Record<string, string> = {}) =>
    runStepCommand("upgrade", talosctl, { environment: { ...upgradeWorker, ...more } });
  const upgrades = () => talosctl.calls.filter((call) => / upgrade /.test(call));
  const upgraded = () => becomes(talosctl, { ...worker, talosVersion: "v1.13.1" });

  it("tells it the machine and a kubeconfig that is gone afterwards, and nothing else", async () => {
    onUpgrade(talosctl, worker.address, "v1.13.1", { script: upgraded() });
    const told = `${talosctl.directory}/told`;
    const GATE_COMMAND = `cat "$KUBECONFIG" - > ${told}; stat -c %a "$KUBECONFIG" >> ${told}; env >> ${told}`;
    const { code, stderr } = await run({ GATE_COMMAND, PULUMI_CONFIG_PASSPHRASE: "s3cr3t" });
    assert.equal(code, 0, stderr);
    const text = fs.readFileSync(told, "utf8");
    says(
      text,
      /^kind: Config\n600\n/,
      /^NODE=worker-1$/m,
      /^ADDRESS=10\.0\.0\.21$/m,
      /^ROLE=worker$/m,
    );
    assert.match(text, /^CLUSTER_NAME=test$/m);
    assert.doesNotMatch(text, /PASSPHRASE|s3cr3t/);
    const kubeconfig = /^KUBECONFIG=(.*)$/m.exec(text)?.[1] ?? "";
    assert.ok(kubeconfig !== "" && !fs.existsSync(kubeconfig));
  });

  it("refuses with its last line, and touches nothing", async () => {
    const { code, stderr } = await run({
      GATE_COMMAND: "echo checking; echo HEALTH_WARN >&2; exit 4",
    });
    assert.equal(code, 1);
    says(stderr, /the gate command \(rollout\.gate\) ended with exit code 4, .*: HEALTH_WARN/);
    assert.deepEqual([upgrades(), kubectl.changes], [[], []]);
  });

  it("does not wait for one that hangs longer than the step has", async () => {
    const { code, stderr, seconds } = await run({
      GATE_COMMAND: "sleep 60 | cat",
      DEADLINE_SECONDS: "8",
    });
    assert.equal(code, 1);
    assert.match(stderr, /did not end within \d+ s/);
    assert.ok(seconds < 20, `${seconds} s`);
  });
});
