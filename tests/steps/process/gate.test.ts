import assert from "node:assert/strict";
import fs from "node:fs";
import * as recorded from "../recorded";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import { first, onFirst, pins, second, SEEDS, third } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step gate, run as a resource runs it, against a talosctl that answers with recorded texts. */
describe("step gate", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const environment = {
    ...onFirst,
    ...pins,
    CONFIGURED: "true",
    SEEDS: `${SEEDS},controller-3=10.0.0.13`,
  };
  const allLive = () => {
    for (const machine of [first, second, third])
      answerAsOurs(talosctl, { ...machine, members: [first, second, third], nodeReady: true });
  };

  it("opens for a change in a healthy cluster", async () => {
    allLive();
    const { code, stdout, stderr } = await runStepCommand("gate", talosctl, { environment });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /controller-1 \(10\.0\.0\.11\) may take its configuration/);
  });

  it("opens for the first configuration of a fresh cluster, without sending credentials", async () => {
    for (const machine of [first, second, third]) answerInMaintenance(talosctl, machine.address);
    const leaks = `[ -z "$config" ] || exit 9; ! grep -qs key: /dev/fd/3 || exit 9; ! grep -qs key: /dev/fd/4 || exit 9`;
    const base = `${talosctl.directory}/answers/10.0.0.11`;
    for (const file of fs.readdirSync(base).filter((name) => /insecure.*\.sh$/.test(name)))
      fs.writeFileSync(`${base}/${file}`, `${leaks}\n`);
    const { code, stdout, stderr } = await runStepCommand("gate", talosctl, {
      environment: { ...environment, CONFIGURED: "false" },
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /not bootstrapped yet/);
  });

  it("refuses a change while another controller is down, after a moment's patience", async () => {
    allLive();
    fs.rmSync(`${talosctl.directory}/answers/10.0.0.12`, { recursive: true });
    const { code, stderr, seconds } = await runStepCommand("gate", talosctl, { environment });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^controller-1 \(10\.0\.0\.11\): its configuration is not sent: another controller is down: controller-2 \(10\.0\.0\.12\): cannot be asked/,
    );
    assert.ok(seconds < 25, `${seconds} s`);
  });

  it("refuses a wiped machine at once", async () => {
    allLive();
    fs.rmSync(`${talosctl.directory}/answers/10.0.0.11`, { recursive: true });
    answerInMaintenance(talosctl, "10.0.0.11");
    const { code, stderr, seconds } = await runStepCommand("gate", talosctl, { environment });
    assert.equal(code, 1);
    assert.match(stderr, /configured by an earlier run and now answers in maintenance mode/);
    assert.ok(seconds < 9, `${seconds} s`);
  });

  it("finds the machine of another cluster, also when its server just closes the connection", async () => {
    talosctl.answer("10.0.0.11", "get machinestatus -o json", {
      stderr: recorded.wrongAuthority,
      code: 1,
    });
    for (const stderr of [recorded.certificateRequired, recorded.brokenPipe]) {
      talosctl.answer("10.0.0.11", "get machinestatus --insecure -o json", { stderr, code: 1 });
      const { code, stderr: said } = await runStepCommand("gate", talosctl, { environment });
      assert.equal(code, 1);
      assert.match(
        said,
        /controller-1 \(10\.0\.0\.11\): its configuration is not sent[^]* not ours: it is configured, but not with this cluster's CA/,
      );
    }
  });
});
