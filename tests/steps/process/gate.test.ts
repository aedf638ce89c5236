import assert from "node:assert/strict";
import fs from "node:fs";
import * as recorded from "../recorded";
import { answerAsOurs, answerHardware, answerInMaintenance } from "../recorded";
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
    assert.match(stderr, /set incarnation: 2 for controller-1/);
    assert.ok(seconds < 9, `${seconds} s`);
  });

  it("checks the hardware before the first configuration, and asks only for what it needs", async () => {
    for (const machine of [first, second, third]) answerInMaintenance(talosctl, machine.address);
    const hardware = { uuid: "4c4c-1", serial: "A", mac: "52:54:00:12:34:56" };
    answerHardware(talosctl, "10.0.0.11", hardware, " --insecure");
    const fresh = { ...environment, CONFIGURED: "false" };
    const good = await runStepCommand("gate", talosctl, {
      environment: { ...fresh, IDENTITY: "uuid:4C4C-1" },
    });
    assert.equal(good.code, 0, good.stderr);
    assert.deepEqual(
      talosctl.calls.filter((call) => /links|extensions|securitystate/.test(call)),
      [],
    );
    const other = await runStepCommand("gate", talosctl, {
      environment: { ...fresh, IDENTITY: "serial:B" },
    });
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      /its configuration is not sent: its serial number is A, its identity says B/,
    );
  });

  it("takes a machine of another name only as the one that was renamed", async () => {
    allLive();
    answerAsOurs(talosctl, { ...first, hostname: "old-1", members: [first, second, third] });
    const refused = await runStepCommand("gate", talosctl, { environment });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /the machine at this address is "old-1".*set renamedFrom: old-1/);
    const { code, stderr } = await runStepCommand("gate", talosctl, {
      environment: { ...environment, RENAMED_FROM: "old-1" },
    });
    assert.equal(code, 0, stderr);
  });

  it("keeps a configured controller at its address", async () => {
    allLive();
    const { code, stderr } = await runStepCommand("gate", talosctl, {
      environment: { ...environment, PREVIOUS_ADDRESS: "10.0.0.99" },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /its address was 10\.0\.0\.99 and is now 10\.0\.0\.11\. A configured controller/,
    );
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
