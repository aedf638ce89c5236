import assert from "node:assert/strict";
import fs from "node:fs";
import { answerAsOurs, answerHardware, answerInMaintenance } from "../recorded";
import { answerAsLive, first, pins, second, SEEDS } from "./cluster";
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

  it("refuses with every problem at once: old talosctl, a machine that is off", async () => {
    answerAsOurs(talosctl, { ...first, members: [first], talosVersion: "v1.12.0" });
    answerInMaintenance(talosctl, "10.0.0.21");
    talosctl.answer("client", "version --client --short", { stdout: "Client:\nTalos v1.12.3\n" });
    const { code, stderr } = await runStepCommand("preflight", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "5" },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^test: the plan cannot be carried out, for 2 reasons:\n - talosctl: v1\.12\.3 is older .*\n - controller-2 \(10\.0\.0\.12\): cannot be asked/,
    );
  });

  it("looks at each machine's own pin, hardware, name, image and secure boot", async () => {
    answerAsOurs(talosctl, {
      ...first,
      hostname: "old-1",
      members: [first, second],
      talosVersion: "v1.12.4",
      extensions: { schematic: "376567", "iscsi-tools": "v0.2.0", "modules.dep": "6.18.1" },
      secureBoot: true,
    });
    answerAsOurs(talosctl, { ...second, members: [first, second] });
    answerInMaintenance(talosctl, "10.0.0.21");
    const hardware = { uuid: "4c4c-1", serial: "A,1", mac: "52:54:00:12:34:56" };
    answerHardware(talosctl, "10.0.0.21", hardware, " --insecure");
    const told = {
      CANARIES: "controller-1=v1.12.4",
      RENAMES: "controller-1=old-1",
      EXTENSIONS: "controller-1=siderolabs/iscsi-tools",
      SECUREBOOT: "controller-1",
      IDENTITIES: "worker-1=uuid:4C4C-1+serial:A%2C1+mac:52:54:00:12:34:56",
      INCARNATIONS: "worker-1=2",
    };
    const good = await runStepCommand("preflight", talosctl, {
      environment: { ...environment, ...told },
    });
    assert.equal(good.code, 0, good.stderr);
    assert.match(
      good.stdout,
      /worker-1 .*in maintenance mode, Talos v1\.13\.0, reinstalled \(incarnation 2\)/,
    );
    assert.match(
      good.stdout,
      /can take the plan: Talos v1\.12\.4 and v1\.13\.0, Kubernetes v1\.35\.3/,
    );

    const { code, stderr } = await runStepCommand("preflight", talosctl, {
      environment: { ...environment, IDENTITIES: "worker-1=mac:52:54:00:12:34:57" },
    });
    assert.equal(code, 1);
    const problems = stderr.split("\n").filter((line) => line.startsWith(" - "));
    const expected = [
      /controller-1 .*: the machine at this address is "old-1"/,
      /controller-1 .*: it runs with secure boot/,
      /controller-1 .*: it runs with iscsi-tools, which/,
      /worker-1 .*: its MAC address is 52:54:00:12:34:56, 02:00:00:00:00:01, its identity says 52:54:00:12:34:57/,
    ];
    assert.equal(problems.length, expected.length, stderr);
    expected.forEach((text, index) => assert.match(problems[index] ?? "", text));
  });

  it("refuses a way that skips a minor, with the hop to take first", async () => {
    for (const machine of [first, second])
      answerAsOurs(talosctl, { ...machine, members: [first, second], talosVersion: "v1.12.4" });
    answerInMaintenance(talosctl, "10.0.0.21");
    talosctl.answer("client", "version --client --short", { stdout: "Client:\nTalos v1.14.0\n" });
    const { code, stderr } = await runStepCommand("preflight", talosctl, {
      environment: { ...environment, TALOS_VERSION: "v1.14.0" },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^test: the plan cannot be carried out, for 1 reason:\n - controller-1, controller-2: Talos goes one minor at a time, not from v1\.12\.4 to v1\.14\.0\. First go to Talos v1\.13\.x .*with Kubernetes as it is \(v1\.35\.3\)\n/,
    );
  });

  it("ends with 2 when it is told something of a machine it does not know", async () => {
    const { code, stderr } = await runStepCommand("preflight", talosctl, {
      environment: {
        ...environment,
        CANARIES: "worker-9=v1.13.1",
        SECUREBOOT: "worker-1,worker-8",
      },
    });
    assert.equal(code, 2);
    assert.match(stderr, /CANARIES: "worker-9" is in neither/);
    assert.match(stderr, /SECUREBOOT: "worker-8" is in neither/);
    assert.deepEqual(talosctl.calls, []);
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
