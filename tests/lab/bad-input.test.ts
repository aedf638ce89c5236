import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labEnvironment } from "../../scripts/lab/environment";
import { LabDirectory } from "../../scripts/lab/lab-directory";
import { ensureToolchain, progressTo, projectDirectory } from "../../scripts/toolchain";
import { ensurePlugins } from "../../scripts/toolchain/plugins";
import { Project } from "./project";

const stackFile = (change: Record<string, string | undefined> = {}): string => {
  const values = {
    clusterName: "lab",
    endpoint: "https://127.0.60.1:6443",
    talosVersion: "v1.12.0",
    kubernetesVersion: "v1.35.0",
    versionContract: "v1.12",
    ...change,
  };
  const lines = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`  talos-cluster:${key}: ${value}`],
  );
  return `encryptionsalt: v1:CHCoVznAFcE=:v1:P/qKtJWcxmgd5cPA:8Fqr75P+QDAgZeJNTMbzHp/+Ut5Irg==\nconfig:\n${lines.join("\n")}\n`;
};

const nodesFile = (...machines: string[]): string =>
  `nodes:\n${machines.map((machine) => `  - {${machine}, installDisk: /dev/sda}\n`).join("")}`;
const controller = (number: number): string =>
  `name: controller-${number}, address: 127.0.60.${10 + number}, controller: true`;

describe("bad input", function () {
  this.timeout(120_000);
  let project: Project;
  let directory: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "bad-input-"));
    const lab = new LabDirectory(directory);
    const toolchain = await ensureToolchain();
    mkdirSync(lab.pulumiState, { recursive: true });
    await ensurePlugins({
      toolchain,
      root: projectDirectory,
      home: lab.pulumiHome,
      progress: progressTo("lab"),
      prefer: "stand-ins",
    });
    project = new Project(labEnvironment(lab, toolchain.binDirectory, false));
    project.write("Pulumi.lab.yaml", stackFile());
    assert.equal((await project.pulumi(["stack", "init", "lab"])).code, 0);
  });
  beforeEach(() => {
    project.write("Pulumi.lab.yaml", stackFile());
    project.write("nodes/lab.yaml", nodesFile(controller(1)));
  });
  after(() => {
    project.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it("is reported all at once, each with path, value and way out, and changes nothing", async () => {
    project.write(
      "Pulumi.lab.yaml",
      stackFile({
        talosVersion: "1.12",
        kubernetesVersion: "v1.99.0",
        versionContract: undefined,
        talosVersoin: "v1.12.0",
      }),
    );
    project.write(
      "nodes/lab.yaml",
      nodesFile(
        controller(1),
        "name: controller-1, address: 127.0.60.300",
        "name: worker-1, adress: 127.0.60.11, address: 127.0.60.11",
      ),
    );
    project.write("patches/globl/a.yaml", "machine: {}\n");
    project.write("patches/worker/broken.yaml", "machine: [\n");
    project.write("patches/worker/json.yaml", '[{"op": "remove", "path": "/machine/env"}]\n');
    const { code, output } = await project.pulumi(["preview", "--stack", "lab"]);
    for (const path of [
      "patches/globl/a.yaml",
      "patches/worker/broken.yaml",
      "patches/worker/json.yaml",
    ])
      project.write(path, undefined);
    assert.notEqual(code, 0);
    const expected = [
      'Stack "lab" has 10 problems; nothing was changed:',
      'config talosVersoin: unknown key. Did you mean "talosVersion"?',
      'talosVersion: "1.12" is not a release. Give v, then major, minor and patch, for example v1.12.0.',
      "versionContract: is missing. Give the Talos minor whose defaults the configs follow",
      'nodes/lab.yaml: nodes["worker-1"].adress: unknown key. Did you mean "address"?',
      'nodes/lab.yaml: nodes[1].name: "controller-1" is also the name of nodes[0].',
      'nodes/lab.yaml: nodes["controller-1"].address: "127.0.60.300" is not an IP address.',
      'nodes/lab.yaml: nodes["worker-1"].address: 127.0.60.11 is also the address of nodes["controller-1"].',
      "patches/globl: unknown patch folder: neither a scope nor a machine.",
      "patches/worker/broken.yaml: is not YAML:",
      "patches/worker/json.yaml: is a JSON6902 patch, which Talos refuses for configs of several documents.",
    ];
    for (const text of expected)
      assert.ok(output.includes(text), `${text}\n--- not in ---\n${output}`);
    assert.ok(
      !output.includes("node_modules"),
      `a stack trace is nothing for the user:\n${output}`,
    );
  });

  const single: [string, () => void, string][] = [
    [
      "no controller",
      () => project.write("nodes/lab.yaml", nodesFile("name: worker-1, address: 127.0.60.21")),
      "nodes/lab.yaml: nodes: holds no controller.",
    ],
    [
      "no nodes file",
      () => project.write("nodes/lab.yaml", undefined),
      "nodes/lab.yaml: there is no such file.",
    ],
    [
      "Kubernetes outside the window",
      () => project.write("Pulumi.lab.yaml", stackFile({ kubernetesVersion: "v1.36.0" })),
      "kubernetesVersion: v1.36.0 does not run on Talos v1.12.0. Talos v1.12 runs Kubernetes v1.30 to v1.35",
    ],
    [
      "a missing value",
      () => project.write("Pulumi.lab.yaml", stackFile({ clusterName: undefined })),
      "clusterName: is missing.",
    ],
  ];
  for (const [what, prepare, expected] of single) {
    it(`is refused: ${what}`, async () => {
      prepare();
      const { code, output } = await project.pulumi(["preview", "--stack", "lab"]);
      assert.notEqual(code, 0);
      assert.ok(output.includes(expected), output);
    });
  }

  it("that survives no failure needs a word of permission, and is a warning then: two controllers", async () => {
    project.write("nodes/lab.yaml", nodesFile(controller(1), controller(2)));
    const two = "nodes: 2 controllers survive no failure: with one out, etcd has no quorum.";
    const refused = await project.pulumi(["preview", "--stack", "lab"]);
    assert.notEqual(refused.code, 0);
    assert.ok(
      refused.output.includes(`${two} Use one or three, or set allowTwoControllers: true.`),
      refused.output,
    );
    project.write("Pulumi.lab.yaml", stackFile({ allowTwoControllers: "true" }));
    const { code, output } = await project.pulumi(["preview", "--stack", "lab"]);
    assert.equal(code, 0, output);
    assert.ok(output.includes(`warning: ${two} One or three are better.`), output);
  });

  it("under a misspelt key never shows the secret that stands there", async () => {
    project.write(
      "patches/worker/files.yaml",
      'machine:\n  files:\n    - path: /var/x\n      op: create\n      contnet: "${pem}"\n',
    );
    const secret = "first-line-s3cret\nsecond: line-s3cret";
    const set = ["config", "set", "--stack", "lab", "--path", "--secret", "patchVariables.pem"];
    assert.equal((await project.pulumi([...set, secret])).code, 0);
    project.write(
      "nodes/lab.yaml",
      nodesFile(controller(1), "name: worker-1, address: 127.0.60.21"),
    );
    const { code, output } = await project.pulumi(["preview", "--stack", "lab"]);
    project.write("patches/worker/files.yaml", undefined);
    assert.notEqual(code, 0);
    assert.ok(
      output.includes(
        "patches/worker/files.yaml: machine.files.contnet is a key that Talos does not know.",
      ),
      output,
    );
    assert.ok(!output.includes("s3cret"), output);
    assert.ok(!output.includes("node_modules"), output);
  });
});
