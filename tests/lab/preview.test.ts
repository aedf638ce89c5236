import assert from "node:assert/strict";
import {
  assertLines,
  between,
  changedConfigs,
  countCallers,
  machinePlan,
  reboots,
  withTalosctlThatSays,
} from "./preview-checks";
import { byHandPatch, planted, registriesPatch, settingsPatch } from "./preview-patches";
import { Rehearsal } from "./rehearsal";
import { assertNoSecret, secretValuesOf } from "./secret-values";

const controllers = ["controller-1", "controller-2", "controller-3"];
const all = [...controllers, "worker-1"];

describe("a preview of three controllers and a worker on Talos 1.12", function () {
  this.timeout(300_000);
  let rehearsal: Rehearsal;
  let workerDiff = "";
  let addressOf: Record<string, string> = {};
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.164.0/24",
      controllers: 3,
      workers: 1,
      talosVersion: "v1.12.0",
      kubernetesVersion: "v1.35.0",
    });
    const { machines } = rehearsal.lab;
    addressOf = Object.fromEntries(all.map((name, index) => [name, machines[index] ?? ""]));
    rehearsal.project.write(
      "patches/worker-1/10-settings.yaml",
      settingsPatch("old-zone", "262144"),
    );
    rehearsal.project.write("patches/worker-1/20-registries.yaml", registriesPatch);
    await rehearsal.setSecret("patchVariables.registryToken", planted.firstToken);
  });
  after(() => rehearsal?.end());

  it("says before the first run what will be installed, and in which order", async () => {
    const { output, plan } = await rehearsal.plan();
    assertLines(output, [
      "lab: 4 of 4 machines change, one at a time in this order (read in ",
      " 1. controller-1  in maintenance mode, Talos v1.12.0, Kubernetes v1.35.0 wanted, will be installed",
      " 4. worker-1      in maintenance mode, Talos v1.12.0, Kubernetes v1.35.0 wanted, will be installed",
    ]);
    assert.deepEqual(
      plan.machines.map(({ name, action, state }) => [name, action, state]),
      all.map((name) => [name, "create", "maintenance"]),
    );
    assert.deepEqual([plan.problems, plan.warnings, plan.certificates], [[], [], []]);
  });

  it("says of a cluster that is as wanted that nothing changes, and how long its certificates live", async () => {
    await rehearsal.up();
    const { output, plan } = await rehearsal.plan("--expect-no-changes");
    assertLines(output, [
      "lab: 4 machines, no config changes (read in ",
      "    worker-1      Talos v1.12.0, Kubernetes v1.35.0, no change",
    ]);
    assert.match(
      output,
      /client certificates left: talosconfig 36[45] days, kubeconfig 36[45] days/,
    );
    for (const machine of plan.machines) {
      const { action, reboot, drift, notes, talos, schematic } = machine;
      assert.deepEqual([action, reboot, drift, notes], ["none", "no", [], []], machine.name);
      assert.deepEqual(talos, { running: "v1.12.0", wanted: "v1.12.0" });
      assert.equal(schematic.running, schematic.wanted);
    }
    assert.deepEqual([plan.problems, plan.warnings], [[], []]);
  });

  it("shows a change of one machine as path and values, and hides nothing but the secret in it", async () => {
    rehearsal.project.write(
      "patches/worker-1/10-settings.yaml",
      settingsPatch("new-zone", "300000"),
    );
    rehearsal.project.write(
      "patches/worker-1/30-more.yaml",
      'machine:\n  sysctls:\n    vm.swappiness: "1"\n',
    );
    await rehearsal.setSecret("patchVariables.registryToken", planted.secondToken);
    const { output, plan } = await rehearsal.plan("--diff");
    workerDiff = output;
    assertLines(output, [
      '~ zone: "old-zone" => "new-zone"',
      '~ vm.max_map_count: "262144" => "300000"',
      '+ vm.swappiness: "1"',
      "lab: 1 of 4 machines changes (read in ",
      " 1. worker-1      Talos v1.12.0, Kubernetes v1.35.0, config changes without a reboot",
      "    controller-1  Talos v1.12.0, Kubernetes v1.35.0, no change",
    ]);
    assert.deepEqual(changedConfigs(output), ["worker-1"]);
    const documents = between(output, "configPatches", "machineConfigurationInput: [secret]");
    assert.ok(documents.includes('hostname  : "worker-1"'), documents);
    assert.ok(!documents.includes("[secret"), `a secret hides more than itself:\n${documents}`);
    assert.ok(!documents.includes("registries"), `the secret document is shown:\n${documents}`);
    assert.deepEqual(reboots(plan), ["no", "no", "no", "no"]);
  });

  it("shows the whole config redacted, once beside the patches' own diff, a rotated secret as changed", () => {
    const [patches = "", outputs = ""] = workerDiff.split("--outputs:--");
    for (const part of [patches, outputs]) assert.equal(part.split("new-zone").length, 2, part);
    const rotated =
      /- +password: "(\[secret [0-9a-f]{12}\])"\n.*\+ +password: "(\[secret [0-9a-f]{12}\])"/.exec(
        outputs,
      );
    assert.ok(rotated, outputs);
    assert.notEqual(rotated[1], rotated[2]);
  });

  it("shows a change of the base, and who reboots for what", async () => {
    rehearsal.project.write(
      "patches/controller/env.yaml",
      `machine:\n  env:\n    REHEARSAL: ${planted.environment}\n`,
    );
    rehearsal.setConfig({ endpoint: "https://127.0.164.1:7443" });
    const { output, plan } = await rehearsal.plan("--diff");
    rehearsal.setConfig({ endpoint: "https://127.0.164.1:6443" });
    rehearsal.project.write("patches/controller/env.yaml", undefined);
    const outputs = output.split("--outputs:--")[1] ?? "";
    for (const sign of [
      "- +endpoint: https://127.0.164.1:6443",
      "\\+ +endpoint: https://127.0.164.1:7443",
    ])
      assert.equal(outputs.match(new RegExp(sign, "g"))?.length, 4, `${sign}\n${outputs}`);
    assertLines(output, [
      "lab: 4 of 4 machines change, one at a time in this order (read in ",
      " 1. controller-1  Talos v1.12.0, Kubernetes v1.35.0, config changes and it REBOOTS",
      "       reboots for machine.env",
      " 4. worker-1      Talos v1.12.0, Kubernetes v1.35.0, config changes without a reboot",
    ]);
    assert.deepEqual(reboots(plan), ["yes", "yes", "yes", "no"]);
    assert.deepEqual(machinePlan(plan, "controller-1").rebootReasons, ["machine.env"]);
  });

  it("shows the words of a machine that refuses its config, and what somebody changed on it by hand", async () => {
    await rehearsal.writeCredentials();
    const words = ["patch", "machineconfig", "--patch", byHandPatch];
    await rehearsal.talosctl(words, addressOf["worker-1"] ?? "");
    rehearsal.project.write(
      "patches/worker-1/40-bad.yaml",
      'machine:\n  nodeAnnotations:\n    "bad key!": x\n',
    );
    const { output, plan } = await rehearsal.plan();
    rehearsal.project.write("patches/worker-1/40-bad.yaml", undefined);
    assertLines(output, [
      " 1. worker-1      Talos v1.12.0, Kubernetes v1.35.0, REFUSES its config",
      'drift: ~ machine.sysctls["vm.max_map_count"]: "262144" => "111111"',
    ]);
    const { refusal, drift } = machinePlan(plan, "worker-1");
    assert.match(refusal ?? "", /invalid machine node annotations: name "bad key!" is invalid/);
    assert.equal(drift.length, 2, drift.join("\n"));
    assert.match(
      drift.join("\n"),
      /~ machine\.registries\.config\["second\.example"\]\.auth\.password: \[secret [0-9a-f]{12}\] => \[secret [0-9a-f]{12}\]/,
    );
    assert.deepEqual(machinePlan(plan, "controller-1").drift, []);
  });

  it("knows no reboot while a Talos change comes first", async () => {
    rehearsal.setConfig({ talosVersion: "v1.12.1" });
    const { output, plan } = await rehearsal.plan();
    rehearsal.setConfig({ talosVersion: "v1.12.0" });
    assertLines(output, [
      "  first 4 upgrades, then 4 configs",
      " 1. controller-1  upgrade: Talos v1.12.0 => v1.12.1 and it REBOOTS, Kubernetes v1.35.0, config changes, a reboot is unknown until upgraded",
    ]);
    assert.deepEqual(
      reboots(plan),
      all.map(() => "unknown until upgraded"),
    );
  });

  it("says of an impossible way which hop comes first, and fails", async () => {
    rehearsal.setConfig({ talosVersion: "v1.14.0" });
    const { code, output, plan } = await rehearsal.look(
      [],
      withTalosctlThatSays("v1.14.0", rehearsal),
    );
    rehearsal.setConfig({ talosVersion: "v1.12.0" });
    const hop =
      "controller-1, controller-2, controller-3, worker-1: Talos goes one minor at a time, not from v1.12.0 to v1.14.0. " +
      "First go to Talos v1.13.x (take its newest patch release) with Kubernetes as it is (v1.35.0)";
    assert.notEqual(code, 0, output);
    assert.deepEqual(plan?.problems, [hop]);
    assertLines(output, [
      "the plan cannot be carried out, for 1 reason; nothing was changed:",
      hop,
    ]);
    assert.ok(
      !output.includes("node_modules"),
      `a stack trace is nothing for the user:\n${output}`,
    );
  });

  it("ends in time where machines are switched off or hang, and names them", async () => {
    await rehearsal.lab.power(addressOf["worker-1"] ?? "", "off");
    await rehearsal.lab.power(addressOf["controller-3"] ?? "", "hang");
    const { output, plan } = await rehearsal.plan();
    await rehearsal.lab.power(addressOf["controller-3"] ?? "", "on");
    assert.ok(plan.readSeconds < 6, `reading took ${plan.readSeconds} s`);
    assertLines(output, [
      " 1. worker-1      cannot be asked: nothing answers at port 50000 (connection refused)",
      `worker-1 (${addressOf["worker-1"]}) cannot be asked: nothing answers at port 50000 (connection refused); a run that has anything to do stops there`,
      "    controller-1  Talos v1.12.0, Kubernetes v1.35.0, no change",
    ]);
    // Two clocks run out at the same time.
    assert.match(
      output,
      /controller-3 {2}cannot be asked: (no answer in time|the time for reading)/,
    );
    assert.match(
      output,
      /controller-3( \(127\.0\.164\.13\) cannot be asked|: not read within 5 s)/,
    );
    assert.deepEqual(plan.problems, []);
    assert.deepEqual(
      plan.machines.map(({ state }) => state),
      ["ours", "ours", "unreachable", "unreachable"],
    );
  });

  it("asks no machine and says nothing of them with preview.live: false", async () => {
    const address = addressOf["worker-1"] ?? "";
    const count = await countCallers(address);
    rehearsal.setConfig({ preview: { live: false } });
    const { code, output, plan } = await rehearsal.look();
    rehearsal.setConfig({ preview: undefined });
    const callers = await count.stop();
    await rehearsal.lab.power(address, "on");
    assert.equal(code, 0, output);
    assert.equal(callers, 0, "the machine was asked");
    assert.equal(plan, undefined);
    assert.match(output, /1 to update[^]*2 to replace/);
    assert.doesNotMatch(output, /lab: |cannot be asked|not read/);
  });

  it("says a rename in words, and changes the config in place", async () => {
    rehearsal.editNode("worker-1", { name: "worker-9", renamedFrom: "worker-1" });
    for (const name of ["10-settings.yaml", "20-registries.yaml", "30-more.yaml"])
      rehearsal.project.write(`patches/worker-1/${name}`, undefined);
    rehearsal.project.write("patches/worker-9/settings.yaml", settingsPatch("new-zone", "300000"));
    const { output, plan } = await rehearsal.plan("--diff");
    assert.deepEqual(plan.problems, []);
    assertLines(output, ["renamed from worker-1: its host name and Node become worker-9"]);
    assert.deepEqual(changedConfigs(output), ["worker-9"]);
    assert.match(output, /~ hostname +: "worker-1" => "worker-9"/);
    assert.doesNotMatch(output, /ConfigurationApply: \((delete|create|replace)\)/);
  });

  it("is what a run then does: the machine has its new name, the old Node is gone, nothing is left to do", async () => {
    await rehearsal.up();
    const nodes = await rehearsal.kubectl("get", "nodes", "-o", "name");
    assert.deepEqual(
      nodes.trim().split("\n").sort(),
      [...controllers, "worker-9"].map((name) => `node/${name}`),
    );
    await rehearsal.up("--expect-no-changes");
  });

  it("changed nothing in all of this, and is no output of the stack", async () => {
    const report = await rehearsal.lab.report();
    const applies = report.machines.map((found) => (found.applies ?? []).length);
    // By the two runs, and by hand.
    assert.deepEqual(applies, [1, 1, 1, 3]);
    assert.deepEqual(
      report.machines.map(({ boots }) => boots - 2),
      // The worker was switched off once.
      [0, 0, 1, 1],
    );
    const outputs = JSON.parse(await rehearsal.stackOutput("--json")) as object;
    assert.deepEqual(Object.keys(outputs).sort(), [
      "bootImages",
      "endpoint",
      "kubeconfig",
      "machines",
      "talosconfig",
    ]);
  });

  it("printed no secret anywhere", async () => {
    const values = [
      ...secretValuesOf(await rehearsal.exportState("--show-secrets")),
      ...Object.values(planted),
    ];
    rehearsal.printed.forEach((text, index) => assertNoSecret(`print ${index}`, text, values));
    assertNoSecret("the exported state", await rehearsal.exportState(), values);
    assertNoSecret("the stack's outputs", await rehearsal.stackOutput("--json"), values);
    const report = JSON.stringify(await rehearsal.lab.report());
    assertNoSecret("the lab's report", report, values);
  });
});
