import assert from "node:assert/strict";
import net from "node:net";
import { answerAsOurs } from "../recorded";
import { answerAsLive, first, second, SEEDS } from "./cluster";
import { FakeCluster } from "./fake-cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

/** The step health, run as a resource runs it, against a talosctl that answers with recorded texts. */
describe("step health", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  beforeEach(() => (talosctl = new FakeTalosctl()));
  afterEach(() => talosctl.remove());

  const environment = { CONTROLLERS: SEEDS, WORKERS: "", DEADLINE_SECONDS: "4" };
  const checks = (seconds: number) =>
    `health --server=false --control-plane-nodes=10.0.0.11,10.0.0.12 --wait-timeout=${seconds}s`;
  const started =
    "waiting for etcd to be healthy: ...\nwaiting for etcd to be healthy: OK\nwaiting for all k8s nodes to report: ...\n";
  const answerChecks = (stderr: string, code: number) => {
    for (const address of [first.address, second.address]) {
      for (const seconds of [1, 2]) talosctl.answer(address, checks(seconds), { stderr, code });
    }
  };

  it("counts Talos's checks", async () => {
    answerAsLive(talosctl);
    answerChecks(
      `${started}waiting for all k8s nodes to report: OK\nwaiting for all k8s nodes to report ready: SKIP\n`,
      0,
    );
    const { code, stdout, stderr } = await runStepCommand("health", talosctl, {
      environment: { ...environment, ENDPOINT: "https://127.0.0.1:6443" },
    });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /the cluster is healthy: 2 checks passed, left out as Talos does \(all k8s nodes to report ready\)/,
    );
  });

  it("goes through a controller that answers", async () => {
    answerAsOurs(talosctl, { ...second, members: [second] });
    for (const seconds of [1, 2])
      talosctl.answer("10.0.0.12", checks(seconds), {
        stderr: "waiting for etcd to be healthy: OK\n",
      });
    const { code, stderr } = await runStepCommand("health", talosctl, {
      environment: { ...environment, ENDPOINT: "https://127.0.0.1:6443" },
    });
    assert.equal(code, 0, stderr);
  });

  it("says that the endpoint cannot be reached from here", async () => {
    answerAsLive(talosctl);
    answerChecks(
      `${started}waiting for all k8s nodes to report: Get "https://127.0.66.1:6443/api/v1/nodes": context deadline exceeded\ncontext deadline exceeded\n`,
      1,
    );
    const { code, stderr } = await runStepCommand("health", talosctl, {
      environment: { ...environment, ENDPOINT: "https://127.0.66.1:6443" },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^the Kubernetes API at https:\/\/127\.0\.66\.1:6443 does not answer from here/,
    );
  });

  it("looks itself, and says so, where a machine that was forgotten is a Node or a member still", async () => {
    const other = { hostname: "other", address: "10.0.0.44" };
    new FakeCluster(talosctl, [first, second, other]);
    for (const { address } of [first, second])
      talosctl.answer(address, "get diagnostics -o json", {});
    const line = 'waiting for all k8s nodes to report: unexpected nodes with IPs ["10.0.0.44"]\\n';
    for (const { address } of [first, second]) {
      const hangs = `printf '${line}' >&2; exec sleep 60`;
      for (const seconds of [16, 17, 18])
        talosctl.answer(address, checks(seconds), { script: hangs });
    }
    const server = await listen();
    const { code, stdout, stderr } = await runStepCommand("health", talosctl, {
      environment: { ...environment, DEADLINE_SECONDS: "20", ENDPOINT: server.endpoint },
    });
    server.close();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /more than the machines of the stack \(all k8s nodes .*10\.0\.0\.44"\]\)/);
    assert.match(stdout, /etcd member other is none of the controllers/);
    assert.match(stdout, /2 machines are healthy.*what is no machine of the stack: left out/);
  });

  async function listen(): Promise<{ endpoint: string; close: () => void }> {
    const server = net.createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    return { endpoint: `https://127.0.0.1:${port}`, close: () => server.close() };
  }

  it("names the check that hangs when the endpoint answers", async () => {
    const server = await listen();
    answerAsLive(talosctl);
    answerChecks(`${started}waiting for all k8s nodes to report: expected 2 nodes, got 1\n`, 1);
    const { code, stderr } = await runStepCommand("health", talosctl, {
      environment: { ...environment, ENDPOINT: server.endpoint },
    });
    server.close();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /asked through controller-[12] \(10\.0\.0\.1[12]\), it still waits for all k8s nodes to report: expected 2 nodes, got 1/,
    );
    assert.match(stderr, /passed before: etcd to be healthy/);
  });
});
