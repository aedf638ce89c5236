import assert from "node:assert/strict";
import { machineOf, Rehearsal } from "./rehearsal";

const reboots = (value: string): string => `machine:\n  env:\n    REHEARSAL: ${value}\n`;
const immediate = (value: string): string =>
  `machine:\n  sysctls:\n    vm.max_map_count: "${value}"\n`;

describe("a cluster whose machines fail", function () {
  this.timeout(300_000);
  let rehearsal: Rehearsal;
  let addressOf: Record<string, string> = {};
  before(async () => {
    const deadlines = {
      preflightTimeoutSeconds: "20",
      gateTimeoutSeconds: "20",
      bootstrapTimeoutSeconds: "60",
      readyTimeoutSeconds: "60",
      healthTimeoutSeconds: "60",
    };
    rehearsal = await Rehearsal.start({
      network: "127.0.162.0/24",
      controllers: 3,
      workers: 1,
      talosVersion: "v1.13.0",
      kubernetesVersion: "v1.35.3",
      config: deadlines,
    });
    const [one = "", two = "", three = "", worker = ""] = rehearsal.lab.machines;
    addressOf = {
      "controller-1": one,
      "controller-2": two,
      "controller-3": three,
      "worker-1": worker,
    };
  });
  after(() => rehearsal?.end());

  const power = (name: string, state: "on" | "off" | "hang"): Promise<void> =>
    rehearsal.lab.power(addressOf[name] ?? "", state);

  for (const state of ["off", "hang"] as const) {
    it(`stops within its deadline when a machine is ${state}, and names it`, async () => {
      await power("controller-3", state);
      const started = Date.now();
      const output = await rehearsal.failingUp();
      assert.ok(Date.now() - started < 60_000, "the run outlived its deadline");
      assert.match(output, /controller-3 \(127\.0\.162\.13\)/);
      const report = await rehearsal.lab.report();
      assert.deepEqual(
        report.machines.flatMap((machine) => machine.applies ?? []),
        [],
        "nothing may have been touched",
      );
    });
  }

  it("completes in the next run, when the machine is back", async () => {
    await power("controller-3", "on");
    assert.match(await rehearsal.up(), /the cluster is healthy/);
    assert.equal((await rehearsal.lab.report()).invariants.bootstraps, 1);
  });

  it("refuses a change of one controller while another is down, in every run, until it is back", async () => {
    rehearsal.project.write("patches/controller-1/sysctl.yaml", immediate("262144"));
    await power("controller-2", "off");
    const before = await rehearsal.lab.report();
    for (let run = 1; run <= 2; run += 1) {
      const output = await rehearsal.failingUp();
      assert.match(output, /talos-controller-1-config[^]*another controller is down: controller-2/);
    }
    const targets = ["--target", "**talos-controller-1-config"];
    // A target does not walk round the gate.
    assert.match(await rehearsal.failingUp(...targets), /another controller is down: controller-2/);
    assert.deepEqual(await rehearsal.appliedSince(before), []);
    await power("controller-2", "on");
    await rehearsal.up();
    assert.deepEqual(await rehearsal.appliedSince(before), ["controller-1"]);
  });

  it("stops at the first machine that does not come back, and touches no later one", async () => {
    const before = await rehearsal.lab.report();
    rehearsal.project.write("patches/controller/env.yaml", reboots("stops"));
    const watch = setInterval(() => {
      void rehearsal.lab.report().then(async (report) => {
        if (
          (machineOf(report, "controller-2").applies ?? []).length >
          (machineOf(before, "controller-2").applies ?? []).length
        ) {
          clearInterval(watch);
          await power("controller-2", "off");
        }
      });
    }, 100);
    const output = await rehearsal.failingUp();
    clearInterval(watch);
    assert.match(output, /controller-2 \(127\.0\.162\.12\)/);
    assert.deepEqual(await rehearsal.appliedSince(before), ["controller-1", "controller-2"]);
  });

  it("goes on where it stopped, when the machine is back", async () => {
    await power("controller-2", "on");
    const before = await rehearsal.lab.report();
    await rehearsal.up();
    assert.deepEqual(await rehearsal.appliedSince(before), ["controller-3"]);
    const report = await rehearsal.lab.report();
    assert.equal(report.invariants.quorumLost, false);
    await rehearsal.up("--expect-no-changes");
  });

  it("never bootstraps again: not for a wiped first controller, nor when the step runs again", async () => {
    await rehearsal.lab.wipe(addressOf["controller-1"] ?? "");
    rehearsal.project.write("patches/controller-1/sysctl.yaml", immediate("300000"));
    const output = await rehearsal.failingUp();
    assert.match(output, /answers in maintenance mode.*\n?.*set incarnation: 2 for controller-1/);
    const again = ["--target-replace", "**talos-bootstrap", "--target-dependents"];
    await rehearsal.project.pulumi(["up", "--yes", "--skip-preview", "--stack", "lab", ...again]);
    const report = await rehearsal.lab.report();
    assert.equal(report.invariants.bootstraps, 1);
    assert.equal(
      report.invariants.insecureConfigsAfterFirstApply,
      0,
      "no secret goes to a machine that was configured before",
    );
  });

  it("takes the wiped machine back once a person has said so, as the refusal told", async () => {
    rehearsal.editNode("controller-1", { incarnation: 2 });
    assert.match(await rehearsal.up(), /the cluster is healthy/);
    await rehearsal.writeCredentials();
    const members = await rehearsal.talosctl(["etcd", "members"], addressOf["controller-2"] ?? "");
    assert.equal(members.match(/controller-\d/g)?.length, 3, members);
    const report = await rehearsal.lab.report();
    assert.equal(report.invariants.bootstraps, 1);
    assert.equal(report.invariants.quorumLost, false);
    await rehearsal.up("--expect-no-changes");
  });
});
