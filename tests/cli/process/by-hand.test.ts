import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { answerAsLive } from "../../steps/process/cluster";
import { FakeTalosctl } from "../../steps/process/fake-talosctl";
import { credentials } from "../../steps/process/run-step";
import { exported, preflight, storedConfig, storedStep, toldMachine } from "../stored-stack";

const state = exported(
  storedStep("talos-preflight", "preflight", {
    ...preflight,
    TALOS_VERSION: "v1.13.0",
    CONTROLLERS: "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13",
    WORKERS: "worker-1=10.0.0.21",
  }),
  storedStep("talos-controller-1-ready", "ready", {
    ...toldMachine("controller-1", "10.0.0.11", "controller", { STABLE_SECONDS: "0" }),
    KUBERNETES_VERSION: "v1.35.0",
  }),
  storedConfig("talos-controller-1-config", "10.0.0.11"),
);

/** `talos-cluster` as a person runs it, with a pulumi that prints a made-up state. */
describe("a step by hand", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => {
    talosctl = new FakeTalosctl();
    answerAsLive(talosctl);
    pulumi(`cat "$here/state"`);
    fs.writeFileSync(path.join(talosctl.directory, "state"), state);
  });
  afterEach(() => talosctl.remove());

  const pulumi = (script: string) =>
    fs.writeFileSync(
      path.join(talosctl.directory, "pulumi"),
      `#!/bin/sh\nhere=$(dirname "$0"); echo "$*" >> "$here/pulumi-calls"\n${script}\n`,
      { mode: 0o755 },
    );
  const pulumiCalls = () => {
    const file = path.join(talosctl.directory, "pulumi-calls");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  };

  it("is told by the selected stack what to do and who it is, and by no variable of the shell", async () => {
    const { code, stdout, stderr } = await run("ready controller-1", { TALOS_VERSION: "v1.10.0" });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^ready: stack dev, cluster test, machine controller-1 at 10\.0\.0\.11, Talos v1\.13\.0.*\n[^]*controller-1 \(10\.0\.0\.11\) is ready/,
    );
    assert.deepEqual(pulumiCalls(), ["stack export --show-secrets --non-interactive"]);
    assert.ok(!stdout.includes(credentials.key) && !stderr.includes(credentials.key));
  });

  it("asks the stack that is named, and lets a flag win over it", async () => {
    const { code, stdout } = await run(
      "ready controller-1 --stack production --talos-version v1.12.9",
    );
    assert.match(stdout, /Talos v1\.12\.9/);
    assert.equal(code, 1, "the machine runs another Talos than the flag says");
    assert.deepEqual(pulumiCalls(), [
      "stack export --show-secrets --non-interactive --stack production",
    ]);
  });

  it("reports as one JSON object, a refusal of its usage too", async () => {
    const well = await run("ready controller-1 --json");
    assert.equal((JSON.parse(well.stdout) as { ok: boolean }).ok, true);
    const { code, stdout, stderr } = await run("ready controller-9 --json");
    assert.equal(code, 2);
    assert.match(stderr, /stack dev knows no such machine.*Did you mean "controller-1"/);
    const report = JSON.parse(stdout) as { step: string; ok: boolean; failure: { what: string } };
    assert.deepEqual([report.step, report.ok], ["ready", false]);
    assert.match(report.failure.what, /knows no such machine/);
  });

  it("says what pulumi said, and what to do, when the state cannot be read", async () => {
    pulumi('echo "error: incorrect passphrase" >&2; exit 255');
    const refused = await run("gate controller-1");
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /the selected stack cannot be read: incorrect passphrase\nRun this in the project's folder/,
    );
    assert.deepEqual(talosctl.calls, []);
  });

  it("names the machine that has to be named", async () => {
    const { code, stderr } = await run("upgrade");
    assert.equal(code, 2);
    assert.match(stderr, /no machine is named\. Give its name: talos-cluster upgrade <machine>/);
    const two = await run("gate controller-1 --node worker-1");
    assert.match(two.stderr, /--node: "worker-1" is another machine than "controller-1"/);
    assert.deepEqual(pulumiCalls(), []);
  });

  it("asks no stack when the environment tells it, as a resource does", async () => {
    const { stderr } = await run("ready", { CLUSTER_NAME: "test" }, JSON.stringify(credentials));
    assert.match(stderr, /NODE: is missing/);
    assert.deepEqual(pulumiCalls(), []);
  });

  it("asks no stack when flags and a talosconfig tell it all", async () => {
    const file = path.join(talosctl.directory, "talosconfig");
    const { ca, certificate, key } = credentials;
    fs.writeFileSync(
      file,
      `context: a\ncontexts: {a: {ca: ${ca}, crt: ${certificate}, key: ${key}}}\n`,
    );
    const flags = `--cluster-name test --address 10.0.0.11 --role controller --seeds controller-1=10.0.0.11`;
    const { code, stderr } = await run(
      `ready controller-1 ${flags} --stable-seconds 0 --talosconfig ${file}`,
    );
    assert.equal(code, 0, stderr);
    assert.deepEqual(pulumiCalls(), []);
  });

  it("describes itself, in plain text", async () => {
    const { code, stdout } = await run("--help", { FORCE_COLOR: "1" });
    assert.equal(code, 0);
    for (const word of [
      "upgrade [options] [machine]",
      "By hand only:",
      "secrets-bundle",
      "--dry-run",
    ])
      assert.ok(stdout.includes(word), word);
    assert.ok(!stdout.includes("\u001b"));
  });

  function run(words: string, environment: Record<string, string> = {}, stdin?: string) {
    const root = path.join(__dirname, "..", "..", "..");
    const child = spawn(process.execPath, ["cli/step.mjs", ...words.split(" ")], {
      cwd: root,
      env: {
        PATH: talosctl.path,
        HOME: talosctl.directory,
        XDG_RUNTIME_DIR: talosctl.runtimeDirectory,
        ...environment,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on("close", (code) => resolve({ code, stdout, stderr })),
    );
  }
});
