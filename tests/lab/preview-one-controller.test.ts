import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import type { Plan } from "../../model/plan";
import { assertLines, machinePlan, reboots } from "./preview-checks";
import { Rehearsal } from "./rehearsal";
import { assertNoSecret, secretValuesOf } from "./secret-values";

const repository = resolve(__dirname, "../..");
const iscsi = [{ name: "iscsi-tools", version: "v0.2.0" }];

const sysctl = (count: string): string =>
  `machine:\n  sysctls:\n    vm.max_map_count: "${count}"\n`;

describe("a preview of one controller and a worker on Talos 1.13", function () {
  this.timeout(300_000);
  let rehearsal: Rehearsal;
  let [controller, worker] = ["", ""];
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.165.0/24",
      controllers: 1,
      workers: 1,
      talosVersion: "v1.13.0",
      kubernetesVersion: "v1.34.0",
    });
    [controller = "", worker = ""] = rehearsal.lab.machines;
    rehearsal.setConfig({ exposeConfigs: false });
  });
  after(() => rehearsal?.end());

  it("says before the first run what will be installed, and shows no config with exposeConfigs: false", async () => {
    const { output, plan } = await rehearsal.plan("--diff");
    assertLines(output, [
      "lab: 2 of 2 machines change, one at a time in this order (read in ",
      " 1. controller-1  in maintenance mode, Talos v1.13.0, Kubernetes v1.34.0 wanted, will be installed",
      " 2. worker-1      in maintenance mode, Talos v1.13.0, Kubernetes v1.34.0 wanted, will be installed",
    ]);
    assert.deepEqual([plan.problems, plan.warnings], [[], []]);
    const outputs = output.split("--outputs:--")[1] ?? "";
    assert.match(outputs, /talosVersion +: "v1\.13\.0"/);
    assert.doesNotMatch(outputs, /\bconfig +:/);
  });

  it("is there for scripts: npm run plan -- --json", async () => {
    await rehearsal.up();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join("scripts", "start.mjs"), "plan", "--json"],
      {
        cwd: repository,
        encoding: "utf8",
        env: { ...process.env, TALOS_LAB_DIRECTORY: rehearsal.lab.directory.path },
      },
    );
    rehearsal.printed.push(stdout, stderr);
    assert.equal(status, 0, stdout + stderr);
    const { machines, certificates, readSeconds, ...rest } = JSON.parse(stdout) as Plan;
    const nothing = { problems: [], warnings: [], leaving: [] };
    assert.deepEqual(rest, { cluster: "lab", maxUnavailable: 1, ...nothing });
    assert.ok(readSeconds > 0 && readSeconds < 6, `read in ${readSeconds} s`);
    assert.deepEqual(certificates.map(({ name }) => name).sort(), ["kubeconfig", "talosconfig"]);
    const { schematic, ...first } = machines[0]!;
    assert.deepEqual(first, {
      name: "controller-1",
      address: controller,
      role: "controller",
      action: "none",
      state: "ours",
      description: "stage running",
      talos: { running: "v1.13.0", wanted: "v1.13.0" },
      kubernetes: { running: "v1.34.0", wanted: "v1.34.0" },
      reboot: "no",
      rebootReasons: [],
      drift: [],
      notes: [],
    });
    assert.match(schematic.running ?? "", /^[0-9a-f]{64}$/);
    assert.equal(schematic.running, schematic.wanted);
    assert.deepEqual(
      machines.map(({ name }) => name),
      ["controller-1", "worker-1"],
    );
  });

  it("says who reboots and who does not", async () => {
    rehearsal.project.write("patches/controller/env.yaml", "machine:\n  env:\n    REHEARSAL: x\n");
    rehearsal.project.write("patches/worker/sysctl.yaml", sysctl("262144"));
    const { output, plan } = await rehearsal.plan();
    rehearsal.project.write("patches/controller/env.yaml", undefined);
    assertLines(output, [
      " 1. controller-1  Talos v1.13.0, Kubernetes v1.34.0, config changes and it REBOOTS",
      "reboots for machine.env",
      " 2. worker-1      Talos v1.13.0, Kubernetes v1.34.0, config changes without a reboot",
    ]);
    assert.deepEqual(reboots(plan), ["yes", "no"]);
  });

  it("refuses two Kubernetes minors at once, with the hop that comes first", async () => {
    rehearsal.setConfig({ kubernetesVersion: "v1.36.0" });
    const { code, output, plan } = await rehearsal.look();
    rehearsal.setConfig({ kubernetesVersion: "v1.34.0" });
    assert.notEqual(code, 0, output);
    const hop =
      "controller-1, worker-1: Kubernetes goes one minor at a time, not from v1.34.0 to v1.36.0. First go to Kubernetes v1.35.x";
    assert.equal(plan?.problems.length, 1, output);
    assert.ok(plan.problems[0]?.startsWith(hop), plan.problems[0]);
    assertLines(output, [hop]);
  });

  it("refuses all at once what no run may do: another name, address, boot chain, and a lost extension", async () => {
    await rehearsal.lab.control.image(worker, { secureBoot: true, extensions: iscsi });
    rehearsal.editNode("worker-1", { name: "worker-9" });
    rehearsal.editNode("controller-1", { address: "127.0.165.19" });
    const { code, output, plan } = await rehearsal.look();
    assert.notEqual(code, 0, output);
    const at = `worker-9 (${worker}): `;
    const expected = [
      `controller-1 (127.0.165.19): its address was ${controller} and is now 127.0.165.19. A configured controller keeps its address: ` +
        "remove it and add it again under a new name, or put the old address back in nodes/<stack>.yaml",
      `${at}the machine at this address is "worker-1", wanted is "worker-9". If it is the same machine under a new name, ` +
        "set renamedFrom: worker-1 for worker-9 in nodes/<stack>.yaml; else put the address there right.",
      `${at}it runs with secure boot, and secureboot: false is wanted. An upgrade cannot switch it. ` +
        "Set secureboot: true to keep the machine, or reinstall it from the other image and raise its incarnation.",
      `${at}it runs with iscsi-tools, which the wanted schematic leaves out: it would be gone after an upgrade. ` +
        "Add it to the machine's schematic, or say dropExtensions: [siderolabs/iscsi-tools].",
    ];
    assertLines(output, ["the plan cannot be carried out, for 4 reasons; nothing was changed:"]);
    assertLines(
      output,
      expected.map((problem) => ` - ${problem}`),
    );
    assert.equal(plan?.problems.length, expected.length, plan?.problems.join("\n"));
    rehearsal.editNode("worker-9", { name: "worker-1" });
    rehearsal.editNode("controller-1", { address: controller });
  });

  it("lets an extension go that is dropped on purpose", async () => {
    await rehearsal.lab.control.image(worker, { extensions: iscsi });
    rehearsal.editNode("worker-1", { dropExtensions: ["siderolabs/iscsi-tools"] });
    const { plan } = await rehearsal.plan();
    assert.deepEqual([plan.problems, plan.warnings], [[], []]);
  });

  it("refuses a wiped machine with the way out, and then says that it is installed anew", async () => {
    await rehearsal.lab.wipe(worker);
    const refused = await rehearsal.look();
    assert.notEqual(refused.code, 0, refused.output);
    assertLines(refused.output, [
      `worker-1 (${worker}): it was configured by an earlier run and now answers in maintenance mode`,
      "If it was reinstalled on purpose, set incarnation: 2 for worker-1 in nodes/<stack>.yaml",
      "in maintenance mode, Talos v1.13.0, Kubernetes v1.34.0 wanted, gets no config as it stands",
    ]);
    rehearsal.editNode("worker-1", { incarnation: 2 });
    const { output, plan } = await rehearsal.plan();
    assert.deepEqual(plan.problems, []);
    assert.equal(machinePlan(plan, "worker-1").action, "create");
    assertLines(output, [
      "worker-1      in maintenance mode, Talos v1.13.0, Kubernetes v1.34.0 wanted, will be installed",
      "installed anew (incarnation 2): it gets its config, and every secret, as a new machine does",
    ]);
  });

  it("is what a run then does, and nothing is left to do", async () => {
    await rehearsal.up();
    const { plan } = await rehearsal.plan("--expect-no-changes");
    assert.deepEqual(
      plan.machines.map(({ state, action }) => [state, action]),
      [
        ["ours", "none"],
        ["ours", "none"],
      ],
    );
  });

  it("says of the only controller that Kubernetes starts empty with it", async () => {
    await rehearsal.lab.wipe(controller);
    rehearsal.editNode("controller-1", { incarnation: 2 });
    const { output } = await rehearsal.plan();
    assertLines(output, [
      "it is the only controller: etcd and Kubernetes start empty, and a worker joins again once its kubelet is restarted",
    ]);
  });

  it("printed no secret anywhere", async () => {
    const values = secretValuesOf(await rehearsal.exportState("--show-secrets"));
    rehearsal.printed.forEach((text, index) => assertNoSecret(`print ${index}`, text, values));
    assertNoSecret("the exported state", await rehearsal.exportState(), values);
    const report = JSON.stringify(await rehearsal.lab.report());
    assertNoSecret("the lab's report", report, values);
  });
});
