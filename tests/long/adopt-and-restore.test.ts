import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { storeClientCertificate } from "../lab/client-certificate";
import { foreignCluster } from "../lab/foreign-cluster";
import { Rehearsal } from "../lab/rehearsal";

const all = ["controller-1", "worker-1"];

/** One cluster's life among stacks: taken over, its stack lost, its credentials renewed, and the cluster itself lost. */
describe("a cluster that talosctl made", function () {
  this.timeout(600_000);
  let rehearsal: Rehearsal;
  const boots = async () => (await rehearsal.lab.report()).machines.map((machine) => machine.boots);
  const inProject = (path: string) => join(rehearsal.project.directory, path);
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.172.0/24",
      controllers: 1,
      workers: 1,
      talosVersion: "v1.12.0",
      kubernetesVersion: "v1.35.0",
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 }, imageFactory: { register: false } });
    // Its pods and services have Talos's own networks, which nobody changes on a running cluster.
    rehearsal.project.write("patches/global/cluster.yaml", undefined);
    await foreignCluster(rehearsal, "elsewhere.yaml");
  });
  after(() => rehearsal?.end());

  it("comes under the component with its secrets, without a reboot, and is then as the stack wants it", async () => {
    rehearsal.setConfig({ secretsBundle: "elsewhere.yaml" });
    const { output, plan } = await rehearsal.plan();
    assert.match(output, /talos:machine:Secrets talos-secrets import/);
    assert.deepEqual(
      plan.machines.map(({ reboot }) => reboot),
      all.map(() => "no"),
      output,
    );
    const before = await boots();
    await rehearsal.up();
    assert.deepEqual(await boots(), before);
    await rehearsal.up("--expect-no-changes");
    await rehearsal.writeCredentials();
    await rehearsal.kubectl("create", "configmap", "kept", "--from-literal=from=before");
  });

  it("needs the bundle no more: another path, or none, changes nothing", async () => {
    rehearsal.setConfig({ secretsBundle: "elsewhere/gone.yaml" });
    assert.match(
      await rehearsal.preview("--expect-no-changes"),
      /secretsBundle: not read, since the stack has its secrets/,
    );
    rehearsal.setConfig({ secretsBundle: undefined });
    await rehearsal.up("--expect-no-changes");
  });

  it("gives its secrets out as the bundle they came from, readable by its owner alone", async () => {
    const { code, output } = await rehearsal.step(
      "secrets-bundle",
      "--stack",
      "lab",
      "--out",
      "kept.yaml",
    );
    assert.equal(code, 0, output);
    assert.equal(statSync(inProject("kept.yaml")).mode & 0o777, 0o600);
    const bundle = (path: string): unknown => parse(readFileSync(inProject(path), "utf8"));
    assert.deepEqual(bundle("kept.yaml"), bundle("elsewhere.yaml"));
    const again = await rehearsal.step("secrets-bundle", "--stack", "lab", "--out", "kept.yaml");
    assert.match(again.output, /kept\.yaml exists, and nothing is written over it/);
  });

  it("comes back into a new stack when its own was lost", async () => {
    const pulumi = async (...words: string[]) => {
      const { code, output } = await rehearsal.project.pulumi(words);
      assert.equal(code, 0, output);
    };
    await pulumi("stack", "rm", "lab", "--force", "--yes", "--preserve-config");
    await pulumi("stack", "init", "lab", "--secrets-provider", "passphrase");
    rehearsal.setConfig({ secretsBundle: "kept.yaml" });
    const before = await boots();
    await rehearsal.up();
    assert.deepEqual(await boots(), before);
    rehearsal.setConfig({ secretsBundle: undefined });
    await rehearsal.up("--expect-no-changes");
    await rehearsal.writeCredentials();
    assert.match(await rehearsal.kubectl("get", "configmap", "kept", "-o", "yaml"), /from: before/);
  });

  for (const [when, days] of [
    ["in its last month", 20],
    ["after it has ended", -1],
  ] as const)
    it(`renews its talosconfig ${when}, as the preview said, and reboots nothing`, async () => {
      await storeClientCertificate(rehearsal, days);
      const shown = await rehearsal.preview();
      assert.match(
        shown,
        /talosconfig: its client certificate ends on \d{4}-\d\d-\d\d, and this run renews it/,
      );
      assert.match(shown, /talos:machine:Secrets talos-secrets update/);
      const before = await boots();
      await rehearsal.up();
      assert.deepEqual(await boots(), before);
      assert.match(await rehearsal.preview("--expect-no-changes"), /talosconfig 36\d days/);
    });

  it("comes back from a snapshot of etcd when its controllers lost their disks; its workers run on", async () => {
    const { code, output } = await rehearsal.step("snapshot", "--stack", "lab");
    assert.equal(code, 0, output);
    const [snapshot] = /snapshots\/\S+\.snapshot/.exec(output) ?? [];
    assert.ok(snapshot, output);
    await rehearsal.kubectl("create", "configmap", "later", "--from-literal=from=after");
    await rehearsal.lab.wipe(rehearsal.addressOf("controller-1"));
    const [, worker] = await boots();
    rehearsal.editNode("controller-1", { incarnation: 2 });
    rehearsal.setConfig({ bootstrap: { recoverFrom: snapshot } });
    assert.match(await rehearsal.up(), /recovered from snapshots\/.*etcd is healthy/);
    const kept = await rehearsal.kubectl("get", "configmaps", "--output", "name");
    assert.match(kept, /configmap\/kept/);
    assert.doesNotMatch(kept, /configmap\/later/);
    assert.equal((await boots())[1], worker);
    rehearsal.setConfig({ bootstrap: {} });
    await rehearsal.up();
    await rehearsal.up("--expect-no-changes");
  });
});
