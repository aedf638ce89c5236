import assert from "node:assert/strict";
import fs from "node:fs";
import { maximumOutputBytes } from "../../../steps/output";
import { answerAsLive, onFirst, SEEDS } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { credentials, runStepCommand } from "./run-step";

/** A step as a process, run as a resource runs it, against a talosctl that answers with recorded texts. */
describe("process of a step", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const hang = () =>
    talosctl.answer("10.0.0.11", "get machinestatus -o json", {
      script: 'echo $$ > "$here/child"; exec sleep 60',
    });
  const childIsThere = () => fs.existsSync(`${talosctl.directory}/child`);
  const childId = () => Number(fs.readFileSync(`${talosctl.directory}/child`, "utf8"));
  const isAlive = (id: number) =>
    fs.existsSync(`/proc/${id}`) &&
    !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${id}/status`, "utf8"));

  it("ends on SIGTERM with its child, its files removed and its last word said", async () => {
    hang();
    const { code, stderr, seconds } = await runStepCommand("ready", talosctl, {
      environment: onFirst,
      during: (child) => {
        const timer = setInterval(() => {
          if (!childIsThere()) return;
          clearInterval(timer);
          child.kill("SIGTERM");
        }, 50);
      },
    });
    assert.equal(code, 1);
    assert.match(stderr, /^ready: stopped by SIGTERM\.\n {2}left as it is/);
    assert.ok(seconds < 25, `${seconds} s`);
    assert.ok(!isAlive(childId()));
    const left = fs.readdirSync(`${talosctl.runtimeDirectory}/talos-cluster-${process.getuid?.()}`);
    assert.deepEqual(
      left.filter((name) => !name.endsWith(".lock")),
      [],
    );
  });

  it("keeps the machine locked through its child when it is killed; the next step waits and says so", async () => {
    hang();
    const killed = await runStepCommand("ready", talosctl, {
      environment: onFirst,
      during: (child) => {
        const timer = setInterval(() => {
          if (!childIsThere()) return;
          clearInterval(timer);
          child.kill("SIGKILL");
          // The child keeps the pipes open: what matters here is the step.
          child.stdout?.destroy();
          child.stderr?.destroy();
        }, 50);
      },
    });
    assert.equal(killed.code, null);
    assert.ok(isAlive(childId()));
    answerAsLive(talosctl);
    setTimeout(() => process.kill(childId(), "SIGKILL"), 1500);
    const { code, stdout, seconds } = await runStepCommand("ready", talosctl, {
      environment: onFirst,
    });
    assert.equal(code, 0);
    assert.match(stdout, /waiting for another step on it to end \(ready, process \d+/);
    assert.ok(seconds > 1.4, `${seconds} s`);
  });

  it("lets nothing a child says pass, and nothing secret", async () => {
    const script = 'cat "$config" >&2; cat "$config"; exit 1';
    talosctl.answer("10.0.0.11", "get machinestatus -o json", { script });
    const { code, stdout, stderr } = await runStepCommand("ready", talosctl, {
      environment: { ...onFirst, DEADLINE_SECONDS: "2" },
    });
    assert.equal(code, 1);
    for (const value of [
      credentials.key,
      Buffer.from(credentials.key, "base64").toString().split("\n")[1] ?? "",
    ]) {
      assert.ok(!stdout.includes(value) && !stderr.includes(value));
    }
    assert.ok(Buffer.byteLength(stdout) + Buffer.byteLength(stderr) <= maximumOutputBytes);
  });

  it("ends with 2 and all problems on bad usage, before it asks any machine", async () => {
    const cases: [object, RegExp][] = [
      [
        { environment: { NODE: "", ADDRESS: "x" } },
        /The environment has 4 problems:[^]*ADDRESS: "x"[^]*NODE[^]*|NODE: is missing/,
      ],
      [{ environment: onFirst, flags: "--no-such-flag" }, /unknown option '--no-such-flag'/],
      [{ environment: onFirst, flags: "controller-1 extra" }, /too many arguments/],
      [{ environment: onFirst, stdin: "{}" }, /^stdin: ca, certificate, key is missing/],
    ];
    for (const [options, message] of cases) {
      const { code, stderr } = await runStepCommand(
        "ready",
        talosctl,
        options as Parameters<typeof runStepCommand>[2],
      );
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    assert.deepEqual(talosctl.calls, []);
  });

  it("takes flags in place of the environment, and reports as one JSON object", async () => {
    answerAsLive(talosctl);
    const flags = `--node controller-1 --address 10.0.0.11 --role controller --seeds ${SEEDS} --json`;
    const { code, stdout, stderr } = await runStepCommand("ready", talosctl, {
      environment: {},
      flags,
    });
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as { step: string; ok: boolean; result: string };
    assert.equal(report.step, "ready");
    assert.equal(report.ok, true);
    assert.match(report.result, /is ready/);
    assert.match(stderr, /is ready/);
  });

  it("takes the credentials of a talosconfig", async () => {
    answerAsLive(talosctl);
    const file = `${talosctl.directory}/talosconfig`;
    fs.writeFileSync(
      file,
      `context: a\ncontexts:\n  a:\n    ca: ${credentials.ca}\n    crt: ${credentials.certificate}\n    key: ${credentials.key}\n`,
    );
    const { code, stderr } = await runStepCommand("ready", talosctl, {
      environment: onFirst,
      flags: `--talosconfig ${file}`,
      stdin: "",
    });
    assert.equal(code, 0, stderr);
  });
});
