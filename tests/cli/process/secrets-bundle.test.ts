import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { bundleOf } from "../../../cli/secrets-bundle";
import { parseExport, type StackState } from "../../../cli/stack-export";
import { labEnvironment } from "../../../scripts/lab/environment";
import { LabDirectory } from "../../../scripts/lab/lab-directory";
import { runProgram } from "../../../scripts/lab/run-pulumi";
import { ensureToolchain, progressTo, projectDirectory } from "../../../scripts/toolchain";
import { ensurePlugins } from "../../../scripts/toolchain/plugins";

const contracts = ["v1.2", "v1.8", "v1.9", "v1.10", "v1.11", "v1.12", "v1.13"];

const program = `
import * as talos from "@pulumiverse/talos";
for (const contract of ${JSON.stringify(contracts)})
  new talos.machine.Secrets(contract + "-secrets", { talosVersion: contract }, {
    ignoreChanges: ["talosVersion"], import: contract + ".yaml",
  });
`;

/** Bundles of talosctl go through the plugin into a stack, and come out of it again. */
describe("a secrets bundle", function () {
  this.timeout(240_000);
  let directory: string;
  let environment: Record<string, string>;
  let state: StackState;
  const originals = new Map<string, string>();

  const run = async (name: string, ...words: string[]) => {
    const { exitCode, stdout, stderr } = await runProgram(name, words, { environment, directory });
    assert.equal(exitCode, 0, `${name} ${words.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  const configWith = (bundle: string, contract: string) => {
    writeFileSync(join(directory, "with.yaml"), bundle);
    const words = ["test", "https://10.0.0.1:6443", "--with-secrets", "with.yaml"];
    return run(
      ...(["talosctl", "gen", "config", ...words, "--talos-version", contract] as const),
      ...["--output-types", "controlplane", "--output", "-", "--with-docs=false"],
    );
  };

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "secrets-bundle-"));
    const lab = new LabDirectory(join(directory, "lab"));
    const toolchain = await ensureToolchain();
    mkdirSync(lab.pulumiState, { recursive: true });
    await ensurePlugins({
      toolchain,
      root: projectDirectory,
      home: lab.pulumiHome,
      progress: progressTo("lab"),
      prefer: "stand-ins",
    });
    environment = labEnvironment(lab, toolchain.binDirectory, false);
    writeFileSync(join(directory, "index.ts"), program);
    writeFileSync(join(directory, "package.json"), "{}");
    writeFileSync(
      join(directory, "Pulumi.yaml"),
      "name: bundles\nruntime: {name: nodejs, options: {typescript: false, nodeargs: --import tsx}}\n",
    );
    symlinkSync(join(projectDirectory, "node_modules"), join(directory, "node_modules"));
    for (const contract of contracts) {
      const words = ["gen", "secrets", "--talos-version", contract, "--output-file", "-"];
      originals.set(contract, await run("talosctl", ...words));
      writeFileSync(join(directory, `${contract}.yaml`), originals.get(contract)!);
    }
    await run("pulumi", "stack", "init", "bundles", "--non-interactive");
    await run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
    state = parseExport(await run("pulumi", "stack", "export", "--show-secrets"), undefined);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  for (const contract of contracts)
    it(`of contract ${contract} is what talosctl wrote, and what talosctl reads`, async () => {
      const original = originals.get(contract)!;
      const bundle = bundleOf(state.resources, contract);
      assert.deepEqual(bundle, parse(original));
      const text = stringify(bundle, { lineWidth: 0 });
      assert.equal(await configWith(text, contract), await configWith(original, contract));
    });

  it("of another component is not there", () => {
    assert.throws(
      () => bundleOf(state.resources, "other"),
      /other-secrets: the stack holds no such/,
    );
  });
});
