import assert from "node:assert/strict";
import fs from "node:fs";
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

  const environment = { ...onFirst, TALOS_VERSION: "v1.13.0", STABLE_SECONDS: "0" };

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

  describe("of a machine that was renamed", () => {
    const renamed = { ...environment, RENAMED_FROM: "old-1" };
    const node = (name: string, address: string) => ({
      metadata: { name },
      status: { addresses: [{ type: "InternalIP", address }], nodeInfo: { machineID: "" } },
    });
    /** A kubectl that knows some Nodes, keeps its arguments, and shows whether it got a kubeconfig. */
    const answerNodes = (...items: object[]) => {
      const program = `#!/bin/sh
here=$(dirname "$0"); grep -q 'kind: Config' "$2" || { echo "E1124 20:58:46.909427    1585 memcache.go:265] refused" >&2; echo "no kubeconfig" >&2; exit 1; }
shift 2; echo "$*" >> "$here/kubectl-calls"
[ "$1" = get ] && cat "$here/nodes" || true
`;
      fs.writeFileSync(`${talosctl.directory}/kubectl`, program, { mode: 0o755 });
      fs.writeFileSync(`${talosctl.directory}/nodes`, JSON.stringify({ kind: "List", items }));
    };
    const deletions = () =>
      fs
        .readFileSync(`${talosctl.directory}/kubectl-calls`, "utf8")
        .split("\n")
        .filter((call) => call.startsWith("delete"));
    beforeEach(() => {
      answerAsLive(talosctl);
      talosctl.answer("10.0.0.11", "kubeconfig - --merge=false", { stdout: "kind: Config\n" });
    });

    it("deletes the Node of the old name once the new one is there", async () => {
      answerNodes(node("controller-1", "10.0.0.11"), node("old-1", "10.0.0.11"));
      const { code, stdout, stderr } = await runStepCommand("ready", talosctl, {
        environment: renamed,
      });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /the Node of its old name old-1 is deleted/);
      assert.deepEqual(deletions(), ["delete node old-1 --wait=false"]);
    });

    it("leaves the Node of another machine that took the name", async () => {
      answerNodes(node("controller-1", "10.0.0.11"), node("old-1", "10.0.0.12"));
      const { code, stdout } = await runStepCommand("ready", talosctl, { environment: renamed });
      assert.equal(code, 0);
      assert.match(
        stdout,
        /its old Node old-1 stays: it is the Node of another machine\. Delete it by hand/,
      );
      assert.deepEqual(deletions(), []);
    });

    it("is content when the old Node is gone already", async () => {
      answerNodes(node("controller-1", "10.0.0.11"));
      const { code, stdout } = await runStepCommand("ready", talosctl, { environment: renamed });
      assert.equal(code, 0);
      assert.match(stdout, /no Node of its old name old-1 is left/);
      assert.deepEqual(deletions(), []);
    });

    it("says what to do by hand when there is no kubectl", async () => {
      // kubectl may well be installed beside the other programs: only those are put on PATH.
      const tools = `${talosctl.directory}/tools`;
      fs.mkdirSync(tools);
      for (const name of ["dirname", "tr", "cat", "flock", "perl"])
        fs.symlinkSync(`/usr/bin/${name}`, `${tools}/${name}`);
      fs.symlinkSync(process.execPath, `${tools}/node`);
      const { code, stdout, stderr } = await runStepCommand("ready", talosctl, {
        environment: { ...renamed, PATH: `${talosctl.directory}:${tools}` },
      });
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /stays: kubectl is not on PATH\. Delete it by hand: kubectl delete node old-1/,
      );
    });

    it("says what kubectl said when it fails, without its log", async () => {
      answerNodes();
      talosctl.answer("10.0.0.11", "kubeconfig - --merge=false", { stdout: "nothing\n" });
      const { code, stdout } = await runStepCommand("ready", talosctl, { environment: renamed });
      assert.equal(code, 0);
      assert.match(stdout, /stays: no kubeconfig\./);
    });
  });
});
