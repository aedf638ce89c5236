import assert from "node:assert/strict";
import * as recorded from "../recorded";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import { first, onFirst, second, SEEDS } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step bootstrap, run as a resource runs it, against a talosctl that answers with recorded texts. */
describe("step bootstrap", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const environment = { ...onFirst, CONTROLLERS: SEEDS };
  const bootstraps = () => talosctl.calls.filter((call) => call.endsWith(" bootstrap"));
  const freshCluster = () => {
    answerAsOurs(talosctl, {
      ...first,
      stage: "booting",
      unmet: [{ name: "services", reason: "etcd not running" }],
    });
    answerInMaintenance(talosctl, second.address);
  };
  /** What a machine does on a bootstrap: the answers of a live one take the place of its own. */
  const becomesLive = () => {
    const other = new FakeTalosctl();
    answerAsOurs(other, { ...first, members: [first] });
    const script = `cp -R '${other.directory}/answers/10.0.0.11/.' "$here/answers/10.0.0.11/"`;
    after(() => other.remove());
    return script;
  };

  it("asks once on a fresh cluster, and waits until etcd is healthy", async () => {
    freshCluster();
    talosctl.answer("10.0.0.11", "bootstrap", { script: becomesLive() });
    const { code, stdout, stderr } = await runStepCommand("bootstrap", talosctl, { environment });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /controller-1 \(10\.0\.0\.11\) is bootstrapped: etcd is healthy/);
    assert.deepEqual(bootstraps(), ["10.0.0.11 bootstrap"]);
    const again = await runStepCommand("bootstrap", talosctl, { environment });
    assert.match(
      again.stdout,
      /the cluster is live already: controller-1 \(10\.0\.0\.11\) answers as one of 1 member/,
    );
    assert.equal(bootstraps().length, 1);
  });

  it("leaves a live cluster alone when its own machine was replaced by an empty one", async () => {
    answerAsOurs(talosctl, { ...first, stage: "booting" });
    answerAsOurs(talosctl, { ...second, members: [second] });
    const { code, stdout } = await runStepCommand("bootstrap", talosctl, { environment });
    assert.equal(code, 0);
    assert.match(stdout, /live already: controller-2/);
    assert.deepEqual(bootstraps(), []);
  });

  it("does not bootstrap while another controller cannot be asked", async () => {
    answerAsOurs(talosctl, { ...first, stage: "booting" });
    const { code, stderr } = await runStepCommand("bootstrap", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "3" },
    });
    assert.equal(code, 1);
    assert.match(stderr, /controller-2 \(10\.0\.0\.12\): cannot be asked/);
    assert.match(stderr, /no bootstrap was taken/);
    assert.deepEqual(bootstraps(), []);
  });

  it("makes no second cluster when all controllers were exchanged, unless a person says it is lost", async () => {
    freshCluster();
    talosctl.answer("10.0.0.11", "bootstrap", { script: becomesLive() });
    const PULUMI_COMMAND_STDOUT = "controller-9 (10.0.0.19) is bootstrapped: etcd is healthy";
    const refused = await runStepCommand("bootstrap", talosctl, {
      environment: { ...environment, PULUMI_COMMAND_STDOUT },
    });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /this cluster was before, and every controller .* is empty/);
    assert.match(refused.stderr, /incarnation: 2 for controller-1/);
    assert.deepEqual(bootstraps(), []);
    const { code, stderr } = await runStepCommand("bootstrap", talosctl, {
      environment: { ...environment, PULUMI_COMMAND_STDOUT, INCARNATION: "2" },
    });
    assert.equal(code, 0, stderr);
    assert.equal(bootstraps().length, 1);
  });

  it("asks again after a plain refusal", async () => {
    freshCluster();
    const fails = `if [ ! -e "$here/asked" ]; then touch "$here/asked"; printf '%s' '${recorded.notAvailableYet}' >&2; exit 1; fi`;
    talosctl.answer("10.0.0.11", "bootstrap", { script: `${fails}\n${becomesLive()}` });
    const { code, stderr } = await runStepCommand("bootstrap", talosctl, { environment });
    assert.equal(code, 0, stderr);
    assert.equal(bootstraps().length, 2);
  });

  it("never asks again after any other end, and reads what came of it", async () => {
    freshCluster();
    talosctl.answer("10.0.0.11", "bootstrap", { stderr: recorded.alreadyExists, code: 1 });
    const { code, stdout, stderr } = await runStepCommand("bootstrap", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "5" },
    });
    assert.equal(code, 1);
    assert.match(stdout, /the answer is: etcd data directory is not empty/);
    assert.match(stderr, /the bootstrap is not asked for again/);
    assert.equal(bootstraps().length, 1);
  });
});
