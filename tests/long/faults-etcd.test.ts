import assert from "node:assert/strict";
import type { LabReport } from "../../scripts/lab";
import {
  assertSays,
  byHand,
  eventually,
  recover,
  startImpatiently,
  type Refusal,
} from "../lab/recovery";
import { machineOf, type Rehearsal } from "../lab/rehearsal";
import { record } from "../lab/roll-out";

const sysctl = (value: string): string =>
  `machine:\n  sysctls:\n    vm.max_map_count: "${value}"\n`;
const reboots = (value: string): string => `machine:\n  env:\n    REHEARSAL: ${value}\n`;

/** What is wrong with the third controller while the second is to be upgraded. */
const refusals: readonly Refusal[] = [
  {
    fault: "off",
    says: [/another controller is down: controller-3 .*nothing answers at port 50000/],
  },
  {
    fault: "etcd-down",
    says: [/another controller is down: controller-3 .*its etcd service is Waiting/],
  },
  {
    fault: "partition",
    says: [/another controller is down: controller-3 .*etcd does not answer/],
  },
  {
    fault: "api-server-down",
    says: [/another controller is not in service: controller-3 .*kube-apiserver-controller-3/],
  },
  {
    fault: "certificate-mismatch",
    says: [/another controller is down: controller-3 .*does not name this address/],
  },
  {
    fault: "node-not-ready",
    says: [/Node controller-3 is not Ready/],
  },
];

describe("a cluster whose control plane fails", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await startImpatiently("127.0.179.0/24");
    await rehearsal.up();
    await rehearsal.writeCredentials();
  });
  after(() => rehearsal?.end());

  for (const { fault, says } of refusals) {
    it(`takes no controller out of service while another one has ${fault}`, async () => {
      await rehearsal.fault("controller-3", fault);
      const words = ["upgrade", "controller-2", "--schematic-id", "f".repeat(64)];
      const run = await record(rehearsal, () => byHand(rehearsal, words, 15));
      assertSays(run.output, [
        /^controller-2 \(127\.0\.179\.12\): is not upgraded/m,
        ...says,
        /left as it is: controller-2 and every machine after it; nothing was changed/,
        /mend what is named above/,
        /etcd members/,
      ]);
      assert.deepEqual(run.upgraded, []);
      await recover(rehearsal);
    });
  }

  it("rides out an etcd that is killed, and another configuration that is just being applied", async () => {
    rehearsal.project.write("patches/controller/sysctl.yaml", sysctl("262144"));
    await rehearsal.fault("controller-2", "concurrent-apply");
    const run = await record(rehearsal, async () => {
      const output = rehearsal.up();
      await eventually(() => isMissing("controller-1 has its config", applied("controller-1", 1)));
      await rehearsal.fault("controller-3", "member-killed");
      await eventually(() => isMissing("controller-2 refuses", refused("controller-2")));
      await rehearsal.clearFaults("controller-2");
      return output;
    });
    assert.deepEqual(appliesOf(run.report), {
      "controller-1": 1,
      "controller-2": 1,
      "controller-3": 1,
      "worker-1": 0,
    });
    assert.equal(run.report.invariants.quorumLost, false);
    await recover(rehearsal);
    await rehearsal.up("--expect-no-changes");
  });

  it("stops at a controller whose etcd lost its data and stays a learner", async () => {
    rehearsal.project.write("patches/controller-2/env.yaml", reboots("learner"));
    rehearsal.project.write("patches/controller-3/sysctl.yaml", sysctl("300000"));
    await rehearsal.fault("controller-2", "data-lost");
    await rehearsal.fault("controller-2", "learner-stuck");
    const run = await record(rehearsal, () => rehearsal.failingUp());
    assertSays(run.output, [
      /\(talos-controller-2-ready\):/,
      /controller-2 \(127\.0\.179\.12\): did not become ready within 40 s/,
      /services: etcd not healthy/,
      /no machine after it was touched/,
      /run pulumi up again/,
    ]);
    assert.equal(appliesOf(run.report)["controller-3"], 0);
    assert.equal(run.report.invariants.quorumLost, false);
    assert.ok(run.report.invariants.maxControllersOut <= 1);
    const words = ["upgrade", "controller-1", "--schematic-id", "f".repeat(64)];
    assertSays(await byHand(rehearsal, words, 15), [
      /^controller-1 \(127\.0\.179\.11\): is not upgraded/m,
      /controller-2 is an etcd learner: it still joins, without a vote/,
    ]);
  });

  it("goes on with the next controller once the learner has a vote again", async () => {
    await recover(rehearsal);
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(appliesOf(run.report), {
      "controller-1": 0,
      "controller-2": 0,
      "controller-3": 1,
      "worker-1": 0,
    });
    const members = await rehearsal.talosctl(["etcd", "members"], addressOfFirst());
    assert.deepEqual(members.match(/controller-\d/g)?.sort(), [
      "controller-1",
      "controller-2",
      "controller-3",
    ]);
    await rehearsal.up("--expect-no-changes");
  });

  it("sends nothing to a stranger at the address of a worker", async () => {
    rehearsal.project.write("patches/worker/sysctl.yaml", sysctl("262144"));
    rehearsal.editNode("worker-1", {
      schematic: { customization: { extraKernelArgs: ["rehearsal=1"] } },
    });
    await rehearsal.fault("worker-1", "stranger");
    const run = await record(rehearsal, async () => {
      const first = await rehearsal.failingUp();
      return first + (await rehearsal.failingUp());
    });
    assertSays(run.output, [
      /\(talos-worker-1-upgrade\):/,
      /worker-1 \(127\.0\.179\.21\): is not upgraded: .*now answers in maintenance mode/,
      /Nothing secret is sent to it.* set incarnation: 2 for worker-1/,
    ]);
    assertNoSecretsLeft(run.report);
    assert.deepEqual(run.upgraded, []);
  });

  it("goes on with the worker itself once the stranger is gone", async () => {
    await recover(rehearsal);
    const run = await record(rehearsal, () => rehearsal.up());
    assert.deepEqual(run.upgraded, ["worker-1"]);
    assert.equal(appliesOf(run.report)["worker-1"], 1);
    await rehearsal.up("--expect-no-changes");
  });

  it("sets up a machine in the worker's place once a person has said that it was reinstalled", async () => {
    await rehearsal.fault("worker-1", "stranger");
    rehearsal.project.write("patches/worker/sysctl.yaml", sysctl("300000"));
    assert.match(await rehearsal.failingUp(), /set incarnation: 2 for worker-1/);
    assertNoSecretsLeft(await rehearsal.lab.report());
    rehearsal.editNode("worker-1", { incarnation: 2 });
    assert.match(await rehearsal.up(), /the cluster is healthy/);
    await rehearsal.up("--expect-no-changes");
  });

  const applied = (name: string, times: number) => async (): Promise<boolean> =>
    (machineOf(await rehearsal.lab.report(), name).applies ?? []).length >= times;
  const refused = (name: string) => async (): Promise<boolean> => {
    const log = await rehearsal.talosctl(["logs", "machined"], rehearsal.addressOf(name));
    return /apply config request refused/.test(log);
  };
  const addressOfFirst = (): string => rehearsal.addressOf("controller-1");
});

async function isMissing(what: string, isThere: () => Promise<boolean>): Promise<string[]> {
  return (await isThere()) ? [] : [what];
}

/** Machine -> how many configs it got. */
function appliesOf({ machines }: LabReport): Record<string, number> {
  return Object.fromEntries(machines.map(({ name, applies }) => [name, (applies ?? []).length]));
}

function assertNoSecretsLeft({ invariants }: LabReport): void {
  const { secretsToStrangers, insecureConfigsAfterFirstApply } = invariants;
  assert.deepEqual(
    { secretsToStrangers, insecureConfigsAfterFirstApply },
    {
      secretsToStrangers: 0,
      insecureConfigsAfterFirstApply: 0,
    },
  );
}
