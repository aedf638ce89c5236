import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { machineOf, Rehearsal } from "./rehearsal";
import { assertNoSecret, secretValuesOf } from "./secret-values";

const controllers = ["controller-1", "controller-2", "controller-3"];
const all = [...controllers, "worker-1"];

describe("a cluster of three controllers and a worker", function () {
  this.timeout(300_000);
  let rehearsal: Rehearsal;
  let firstRun = "";
  let addresses: readonly string[] = [];
  before(async () => {
    rehearsal = await Rehearsal.start({
      network: "127.0.161.0/24",
      controllers: 3,
      workers: 1,
      talosVersion: "v1.12.0",
      kubernetesVersion: "v1.35.0",
    });
    rehearsal.setConfig({ rollout: { stableSeconds: 0 } });
    addresses = rehearsal.lab.machines;
  });
  after(() => rehearsal?.end());

  it("shows disks and links of a machine in maintenance mode", async () => {
    const insecure = (...args: string[]): Promise<string> =>
      rehearsal.talosctl([...args, "--insecure"], addresses[0] ?? "");
    assert.match(await insecure("get", "disks"), /sda/);
    assert.match(await insecure("get", "links"), /eth0/);
  });

  it("comes up from nothing with one run", async () => {
    firstRun = await rehearsal.up();
    await rehearsal.writeCredentials();
    assert.match(firstRun, /the cluster is healthy/);
  });

  it("has Ready nodes with the right roles and versions", async () => {
    const { items } = JSON.parse(await rehearsal.kubectl("get", "nodes", "-o", "json")) as {
      items: {
        metadata: { name: string; labels: Record<string, string> };
        status: {
          nodeInfo: { kubeletVersion: string; osImage: string };
          conditions: { type: string; status: string }[];
        };
      }[];
    };
    const nodes = items.map(({ metadata, status }) => [
      metadata.name,
      "node-role.kubernetes.io/control-plane" in metadata.labels,
      status.conditions.find((condition) => condition.type === "Ready")?.status,
      status.nodeInfo.kubeletVersion,
      status.nodeInfo.osImage,
    ]);
    assert.deepEqual(
      nodes.sort(),
      all.map((name) => [
        name,
        name.startsWith("controller"),
        "True",
        "v1.35.0",
        "Talos (v1.12.0)",
      ]),
    );
  });

  it("passes talosctl health from the server and from here", async () => {
    const lists = [
      "--control-plane-nodes",
      addresses.slice(0, 3).join(","),
      "--worker-nodes",
      addresses[3] ?? "",
      "--wait-timeout",
      "60s",
    ];
    for (const server of ["--server=true", "--server=false"]) {
      assert.match(
        await rehearsal.talosctl(["health", server, ...lists], addresses[0] ?? ""),
        /schedulable: OK/,
        server,
      );
    }
  });

  it("answers the commands of the operations guide", async () => {
    const [first = ""] = addresses;
    const members = await rehearsal.talosctl(["etcd", "members"], first);
    for (const name of controllers) assert.ok(members.includes(name), members);
    assert.match(await rehearsal.talosctl(["etcd", "status"], first), /3\.6\./);
    assert.match(await rehearsal.talosctl(["services"], ...addresses), /kubelet +Running +OK/);
    assert.match(await rehearsal.talosctl(["dmesg"], first), /\S/);
    assert.match(await rehearsal.talosctl(["logs", "kubelet"], first), /\S/);
    assert.match(await rehearsal.talosctl(["logs", "etcd"], first), /\S/);
    assert.match(await rehearsal.talosctl(["get", "disks"], first), /sda/);
    assert.match(await rehearsal.talosctl(["get", "links"], first), /eth0/);
    assert.match(await rehearsal.talosctl(["version"], ...addresses), /Tag: +v1\.12\.0/);
    for (const name of all) {
      const live = await rehearsal.talosctl(
        ["get", "machineconfig", "v1alpha1", "-o", "yaml"],
        machineOf(await rehearsal.lab.report(), name).address,
      );
      assert.ok(live.includes(`hostname: ${name}`), `${name} has the config of another machine`);
    }
  });

  it("was bootstrapped once, and each machine was configured once", async () => {
    const report = await rehearsal.lab.report();
    assert.equal(report.invariants.bootstraps, 1);
    assert.deepEqual(
      report.machines
        .map((machine) => [machine.name, machine.applies?.length, machine.ready])
        .sort(),
      all.map((name) => [name, 1, true]),
    );
    assert.equal(report.invariants.insecureConfigsAfterFirstApply, 0);
    assert.equal(report.invariants.quorumLost, false);
  });

  it("changes nothing in a second run, and says so", async () => {
    const before = await rehearsal.lab.report();
    assert.match(await rehearsal.up("--expect-no-changes"), /Resources:\n +\d+ unchanged/);
    assert.match(await rehearsal.preview("--expect-no-changes"), /\d+ unchanged/);
    assert.deepEqual(await rehearsal.appliedSince(before), []);
  });

  it("changes nothing when the machines stand in another order in the file", async () => {
    const text = readFileSync(join(rehearsal.project.directory, "nodes/lab.yaml"), "utf8");
    const [head = "", ...machines] = text.split(/^(?= {2}- )/m);
    rehearsal.project.write("nodes/lab.yaml", head + machines.reverse().join(""));
    await rehearsal.up("--expect-no-changes");
  });

  it("changes nothing after a refresh", async () => {
    const refreshed = await rehearsal.project.pulumi([
      "refresh",
      "--yes",
      "--skip-preview",
      "--stack",
      "lab",
    ]);
    assert.equal(refreshed.code, 0, refreshed.output);
    await rehearsal.up("--expect-no-changes");
    assert.equal((await rehearsal.lab.report()).invariants.bootstraps, 1);
  });

  const scopes: [string, string, string[]][] = [
    ["worker/sysctl.yaml", "net.core.somaxconn", ["worker-1"]],
    ["controller-2/sysctl.yaml", "vm.max_map_count", ["controller-2"]],
    ["global/sysctl.yaml", "fs.inotify.max_user_watches", all],
  ];
  for (const [path, key, concerned] of scopes) {
    it(`changes exactly ${concerned.join(", ")} for patches/${path}, shown by name before`, async () => {
      rehearsal.project.write(`patches/${path}`, `machine:\n  sysctls:\n    ${key}: "4711"\n`);
      const preview = await rehearsal.preview("--diff");
      assert.ok(preview.includes(key) && preview.includes("4711"), preview);
      const before = await rehearsal.lab.report();
      const output = await rehearsal.up();
      assertNoSecret(
        "the output of the run",
        output,
        secretValuesOf(await rehearsal.exportState("--show-secrets")),
      );
      assert.deepEqual((await rehearsal.appliedSince(before)).sort(), concerned);
      for (const machine of (await rehearsal.lab.report()).machines) {
        const live = await rehearsal.talosctl(
          ["get", "machineconfig", "v1alpha1", "-o", "yaml"],
          machine.address,
        );
        assert.equal(
          live.includes(`${key}: "4711"`),
          concerned.includes(machine.name),
          machine.name,
        );
      }
    });
  }

  it("reboots one machine after another, never two controllers at once, for a patch that needs it", async () => {
    const before = await rehearsal.lab.report();
    rehearsal.project.write(
      "patches/controller/env.yaml",
      "machine:\n  env:\n    REHEARSAL: one-by-one\n",
    );
    const output = await rehearsal.up();
    const after = await rehearsal.lab.report();
    for (const name of controllers) {
      assert.equal(machineOf(after, name).boots, machineOf(before, name).boots + 1, name);
      assert.notEqual(machineOf(after, name).bootId, machineOf(before, name).bootId);
    }
    assert.equal(machineOf(after, "worker-1").boots, machineOf(before, "worker-1").boots);
    assert.equal(after.invariants.maxControllersOut, 1);
    assert.equal(after.invariants.quorumLost, false);
    for (const [earlier, later] of [controllers.slice(0, 2), controllers.slice(1)]) {
      const ended = output.search(new RegExp(`talos-${earlier}-ready created replacement`));
      const began = output.search(new RegExp(`talos-${later}-config updating`));
      assert.ok(
        ended >= 0 && began > ended,
        `${later} began before ${earlier} was ready:\n${output}`,
      );
    }
  });

  it("holds no secret in plain in state, previews, outputs and logs", async () => {
    const values = secretValuesOf(await rehearsal.exportState("--show-secrets"));
    assertNoSecret("the exported state", await rehearsal.exportState(), values);
    assertNoSecret("the first run", firstRun, values);
    rehearsal.project.write("patches/global/sysctl.yaml", undefined);
    assertNoSecret("a preview", await rehearsal.preview("--diff"), values);
    assertNoSecret("the stack's outputs", await rehearsal.stackOutput(), values);
    assertNoSecret("the lab's log", readFileSync(rehearsal.lab.directory.logFile, "utf8"), values);
  });

  it("refuses a plain destroy while the secrets are protected, and touches no machine with --exclude-protected", async () => {
    const before = await rehearsal.lab.report();
    const refused = await rehearsal.project.pulumi([
      "destroy",
      "--yes",
      "--skip-preview",
      "--stack",
      "lab",
    ]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /protected/);
    const destroyed = await rehearsal.project.pulumi([
      "destroy",
      "--yes",
      "--skip-preview",
      "--exclude-protected",
      "--stack",
      "lab",
    ]);
    assert.equal(destroyed.code, 0, destroyed.output);
    const after = await rehearsal.lab.report();
    assert.deepEqual(
      after.machines.map((machine) => [machine.name, machine.stage, machine.bootId]),
      before.machines.map((machine) => [machine.name, machine.stage, machine.bootId]),
    );
  });

  it("is taken up again by a run after that: all resources are new, the machines are not", async () => {
    await rehearsal.up();
    const report = await rehearsal.lab.report();
    assert.equal(report.invariants.bootstraps, 1);
    assert.equal(report.invariants.maxControllersOut, 1);
  });
});
