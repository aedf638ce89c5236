import assert from "node:assert/strict";
import fs from "node:fs";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import { answerAsLive, first, pins, SEEDS } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step preflight, run as a resource runs it, against a talosctl that answers with recorded texts. */
describe("step preflight", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const environment = {
    CONTROLLERS: SEEDS,
    WORKERS: "worker-1=10.0.0.21",
    ...pins,
    DEADLINE_SECONDS: "20",
  };

  it("says what every machine is", async () => {
    answerAsLive(talosctl);
    answerInMaintenance(talosctl, "10.0.0.21", "v1.12.0");
    const { code, stdout, stderr } = await runStepCommand("preflight", talosctl, { environment });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /controller-1 \(10\.0\.0\.11\): stage running, Talos v1\.13\.0, Kubernetes v1\.35\.3\n/,
    );
    assert.match(stdout, /worker-1 \(10\.0\.0\.21\): in maintenance mode, Talos v1\.12\.0\n/);
    assert.match(stdout, /3 machines can take the plan/);
  });

  it("refuses with every problem at once: old talosctl, a machine that is off, another Talos", async () => {
    answerAsOurs(talosctl, { ...first, members: [first], talosVersion: "v1.12.0" });
    answerInMaintenance(talosctl, "10.0.0.21");
    talosctl.answer("client", "version --client --short", { stdout: "Client:\nTalos v1.12.3\n" });
    const { code, stderr } = await runStepCommand("preflight", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "5" },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^test: the plan cannot be carried out, for 3 reasons:\n - talosctl: v1\.12\.3 is older .*\n - controller-1 .*v1\.12\.0.*\n - controller-2 \(10\.0\.0\.12\): cannot be asked/,
    );
  });

  it("names talosctl when there is none", async () => {
    fs.unlinkSync(`${talosctl.directory}/talosctl`);
    const { code, stderr } = await runStepCommand("preflight", talosctl, {
      environment: { ...environment, PATH: `${talosctl.directory}:/usr/bin:/bin` },
    });
    assert.equal(code, 1);
    assert.match(stderr, /talosctl is not on PATH[^]*install talosctl/);
  });
});
