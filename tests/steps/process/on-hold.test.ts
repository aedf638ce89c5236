import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import { answerAsOurs } from "../recorded";
import { first, onFirst, second, third } from "./cluster";
import { FakeCluster } from "./fake-cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

const worker = { hostname: "worker-1", address: "10.0.0.21" };
const members = [first, second, third];

/** The steps health and ready while a machine is on hold, and ready with a staged configuration. */
describe("steps with machines on hold, and with staged configurations", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  let cluster: FakeCluster;
  let server: net.Server;
  let ENDPOINT: string;
  beforeEach((done) => {
    talosctl = new FakeTalosctl();
    cluster = new FakeCluster(talosctl, members, [worker]);
    for (const { address } of [...members, worker])
      talosctl.answer(address, "get diagnostics -o json", {});
    server = net.createServer().listen(0, "127.0.0.1", () => {
      ENDPOINT = `https://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
      done();
    });
  });
  afterEach((done) => {
    talosctl.remove();
    server.close(done);
  });

  describe("health", () => {
    const run = () =>
      runStepCommand("health", talosctl, {
        environment: {
          CONTROLLERS: "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13",
          WORKERS: "worker-1=10.0.0.21",
          HELD: "controller-3",
          ENDPOINT,
          DEADLINE_SECONDS: "8",
        },
      });

    it("checks the others itself, says so, and never asks the one on hold", async () => {
      cluster.switchOff(third);
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /controller-3 on hold: not asked\. Talos's own checks would wait/);
      assert.match(
        stdout,
        /3 machines are healthy, by the checks of talos-cluster; controller-3 on hold: left out/,
      );
      assert.deepEqual(
        talosctl.calls.filter((call) => /^10\.0\.0\.13| health /.test(call)),
        [],
      );
    });

    const broken: [string, () => void, RegExp][] = [
      ["a worker that is off", () => cluster.switchOff(worker), /worker-1 .*cannot be asked/],
      [
        "a Node that is cordoned",
        () => {
          const file = `${talosctl.directory}/answers/10.0.0.21/get_nodestatus_-o_json.out`;
          const text = fs.readFileSync(file, "utf8");
          fs.writeFileSync(
            file,
            text.replace('"nodeReady": true', '"nodeReady": true, "unschedulable": true'),
          );
        },
        /worker-1 .*its Node is cordoned/,
      ],
      [
        "more members than those that answer are a quorum of",
        () =>
          cluster.answerMembers([
            first,
            second,
            third,
            { hostname: "other", address: "10.0.0.44" },
          ]),
        /2 of 4 etcd voting members answer, 3 needed/,
      ],
      [
        "something that Talos finds",
        () =>
          talosctl.answer("10.0.0.21", "get diagnostics -o json", {
            stdout: JSON.stringify({ metadata: { id: "x" }, spec: { message: "disk is full" } }),
          }),
        /worker-1 .*disk is full/,
      ],
      [
        "an endpoint that is away",
        () => (ENDPOINT = "https://127.0.0.1:1"),
        /the Kubernetes API at https:\/\/127\.0\.0\.1:1 does not answer/,
      ],
    ];
    for (const [name, spoil, message] of broken) {
      it(`is not content with ${name}`, async () => {
        spoil();
        const { code, stderr } = await run();
        assert.equal(code, 1);
        assert.match(
          stderr,
          /the cluster, without what is on hold \(controller-3\), is not healthy within 8 s/,
        );
        assert.match(stderr, message);
      });
    }
  });

  describe("ready", () => {
    const run = (more: Record<string, string>) =>
      runStepCommand("ready", talosctl, {
        environment: { ...onFirst, STABLE_SECONDS: "2", ...more },
      });
    const stage = () =>
      answerAsOurs(talosctl, {
        ...first,
        members,
        nodeReady: true,
        persistentConfig: "machine: {sysctls: {}}",
      });

    it("is done with a staged configuration at once, and names the way to reboot", async () => {
      stage();
      const { code, stdout, stderr } = await run({ APPLY_MODE: "staged" });
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /is ready: .*a configuration is staged: it waits for a reboot \(talos-cluster reboot controller-1\)/,
      );
      assert.doesNotMatch(stdout, /watching|waiting/);
    });

    it("says nothing of a reboot when nothing is staged", async () => {
      const { code, stdout } = await run({ APPLY_MODE: "staged" });
      assert.equal(code, 0);
      assert.doesNotMatch(stdout, /staged/);
    });

    it("watches a machine for a while that rebooted, and no other", async () => {
      stage();
      const ended = run({});
      setTimeout(() => answerAsOurs(talosctl, { ...first, members, nodeReady: true }), 2500);
      const { code, stdout, stderr } = await ended;
      assert.equal(code, 0, stderr);
      assert.match(stdout, /well; watching it for 2 s/);
      const again = await run({});
      assert.doesNotMatch(again.stdout, /watching/);
    });

    it("does not ask a machine on hold", async () => {
      const { code, stdout } = await run({ HELD: "controller-1" });
      assert.equal(code, 0);
      assert.match(stdout, /is on hold: it is not asked/);
      assert.deepEqual(
        talosctl.calls.filter((call) => call.startsWith("10.0.0.11")),
        [],
      );
    });
  });
});
