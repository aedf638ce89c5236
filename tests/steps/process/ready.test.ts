import assert from "node:assert/strict";
import { answerAsOurs } from "../recorded";
import { answerAsLive, first, onFirst, second } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step ready, run as a resource runs it, against a talosctl that answers with recorded texts. */
describe("step ready", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const environment = { ...onFirst, TALOS_VERSION: "v1.13.0" };

  it("ends at once when the machine is well", async () => {
    answerAsLive(talosctl);
    const { code, stdout, stderr } = await runStepCommand("ready", talosctl, { environment });
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^\[ +\d+\.\ds\] controller-1 \(10\.0\.0\.11\) is ready: Talos v1\.13\.0, stage running, 7 services, etcd member controller-1, Node Ready\n$/,
    );
    assert.equal(code, 0);
  });

  it("waits while a reboot into the new configuration is due, and says so", async () => {
    answerAsLive(talosctl);
    answerAsOurs(talosctl, {
      ...first,
      members: [first, second],
      nodeReady: true,
      persistentConfig: "machine: {sysctls: {}}",
    });
    const ended = runStepCommand("ready", talosctl, { environment });
    setTimeout(() => answerAsLive(talosctl), 2500);
    const { code, stdout } = await ended;
    assert.match(stdout, /waiting: a reboot into its new configuration is due/);
    assert.equal(code, 0);
  });

  it("fails at its deadline with the machine, its address, what was seen, left and to be done", async () => {
    const { code, stderr, seconds } = await runStepCommand("ready", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "2" },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^controller-1 \(10\.0\.0\.11\): did not become ready within 2 s\.\n {2}seen:\n {3}- cannot be asked: nothing answers at port 50000 .*\n {2}left as it is: .*\n {2}next:\n/,
    );
    assert.ok(seconds < 20, `${seconds} s`);
  });

  it("fails at its deadline when a machine takes the question and never answers", async () => {
    talosctl.answer("10.0.0.11", "get machinestatus -o json", { script: "exec sleep 60" });
    const { code, stderr, seconds } = await runStepCommand("ready", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "2" },
    });
    assert.equal(code, 1);
    assert.match(stderr, /no answer in time/);
    assert.ok(seconds < 20, `${seconds} s`);
  });

  it("refuses a machine that came up with another Talos", async () => {
    answerAsOurs(talosctl, {
      ...first,
      members: [first],
      nodeReady: true,
      talosVersion: "v1.12.0",
    });
    const { code, stderr } = await runStepCommand("ready", talosctl, { environment });
    assert.equal(code, 1);
    assert.match(stderr, /runs Talos v1\.12\.0, the pin says v1\.13\.0/);
  });
});
