import assert from "node:assert/strict";
import { pendingInstallation } from "../../steps/pending-installation";
import { UpgradeOutput } from "../../steps/upgrade-output";

/** What talosctl v1.13.0 printed, without a terminal. */
const newApi = `127.0.84.22: pulled image factory.talos.dev/metal-installer/3765@sha256:56ea
127.0.84.22: 2026/11/25 00:27:37 running Talos installer v1.13.1
127.0.84.22: 2026/11/25 00:27:38 installation of v1.13.1 complete
127.0.84.22: Exit code: 0
127.0.84.22: upgrade completed
"127.0.84.22": waiting for actor ID
"127.0.84.22": sequence: reboot action: START
"127.0.84.22": error: reboot sequence completed
"127.0.84.22": unavailable, retrying...
"127.0.84.22": sequence: initialize action: START
"127.0.84.22": phase: earlyServices action: START
"127.0.84.22": stage: BOOTING ready: false unmetCond: [name:"services" reason:"apid not running"]
"127.0.84.22": sequence: boot action: STOP
"127.0.84.22": post check passed`;
const failing = `127.0.84.22: 2026/11/25 00:27:37 running pre-flight checks
127.0.84.22: Error: pre-flight checks failed
Usage:
  installer install [flags]

127.0.84.22: host version v1.10.0 of Talos is too old to upgrade to Talos v1.13.1
127.0.84.22: Exit code: 1
127.0.84.22: upgrade failed with exit code 1
error during upgrade: node 127.0.84.22: upgrade failed with exit code 1`;
const oldApi = `New upgrade API is not available, falling back to legacy
WARNING: 127.0.84.22: server version 1.12.0 is older than client version 1.13.0
"127.0.84.22": sequence: upgrade action: START
"127.0.84.22": phase: drain action: START
"127.0.84.22": phase: upgrade action: START
"127.0.84.22": phase: stopEverything action: START
"127.0.84.22": sequence: initialize action: START
"127.0.84.22": sequence: boot action: START`;
const refused = `New upgrade API is not available, falling back to legacy
"127.0.84.22": rpc error: code = FailedPrecondition desc = etcd member controller-2 is not healthy`;

function read(text: string): { output: UpgradeOutput; phases: string[] } {
  const phases: string[] = [];
  const output = new UpgradeOutput("127.0.84.22", (phase) => phases.push(phase));
  text.split("\n").forEach((line) => output.read(line));
  return { output, phases };
}

describe("what talosctl says of an upgrade", () => {
  it("is a few phases with the new API, and no error", () => {
    const { output, phases } = read(newApi);
    assert.deepEqual(phases, [
      "image pulled",
      "installing",
      "installed beside the running system",
      "restarting",
      "starting",
    ]);
    assert.equal(output.exitCode, 0);
    assert.equal(output.error, undefined);
  });

  it("is a few phases with the old API", () => {
    assert.deepEqual(read(oldApi).phases, [
      "upgrade API of Talos 1.12",
      "it drains itself",
      "installing",
      "restarting",
      "starting",
    ]);
  });

  it("names the installer's last word when it fails", () => {
    const { output } = read(failing);
    assert.equal(output.exitCode, 1);
    assert.equal(
      output.error,
      "the installer ended with exit code 1: host version v1.10.0 of Talos is too old to upgrade to Talos v1.13.1",
    );
  });

  it("names what the machine answered when it refuses", () => {
    assert.equal(read(refused).output.error, "etcd member controller-2 is not healthy");
  });
});

describe("pendingInstallation", () => {
  const at = "127.0.84.22: user: warning: [2026-11-25T00:27:40Z]: [talos] ";
  const start = (image: string) => `${at}starting upgrade: installer_image=${image}, disk=/dev/sda`;
  const good = `${at}upgrade completed successfully: exit_code=0`;
  const bad = `${at}upgrade failed: exit_code=1`;
  const table: [string, string[], string | undefined][] = [
    ["none in an empty log", [], undefined],
    ["the image that was installed", [start("a:v1"), good], "a:v1"],
    ["none while it is being installed", [start("a:v1")], undefined],
    ["none when it failed", [start("a:v1"), bad], undefined],
    ["the last that was installed", [start("a:v1"), good, start("b:v2"), good], "b:v2"],
    [
      "none when a later one failed, which wrote over it",
      [start("a:v1"), good, start("b:v2"), bad],
      undefined,
    ],
  ];
  for (const [name, lines, image] of table) {
    it(`is ${name}`, () => assert.equal(pendingInstallation(lines.join("\n")), image));
  }
});
