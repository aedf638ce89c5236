import assert from "node:assert/strict";
import { HealthOutput, needsKubernetes, parseHealthLine } from "../../steps/health-output";

/** What `talosctl health --server=false` of v1.13.0 wrote, on a controller that was not bootstrapped. */
const waiting = `waiting for etcd to be healthy: ...
waiting for etcd to be healthy: 1 error occurred:
    * 10.231.0.11: service "etcd" not in expected state "Running": current state [Preparing] Running pre state
`.split("\n");

describe("talosctl health output", () => {
  it("keeps what each check came to", () => {
    const output = new HealthOutput();
    [
      "waiting for etcd to be healthy: ...",
      "waiting for etcd to be healthy: OK",
      "waiting for all k8s nodes to report: ...",
      "waiting for all k8s nodes to report: OK",
      "waiting for all k8s nodes to report ready: SKIP",
      "waiting for kube-proxy to report ready: ...",
    ].forEach((line) => output.read(line));
    assert.deepEqual(
      output.checks.map(({ name, outcome }) => `${name}: ${outcome}`),
      [
        "etcd to be healthy: passed",
        "all k8s nodes to report: passed",
        "all k8s nodes to report ready: skipped",
        "kube-proxy to report ready: running",
      ],
    );
    assert.equal(output.unfinished?.name, "kube-proxy to report ready");
  });

  it("joins an error over several lines to one text", () => {
    const output = new HealthOutput();
    waiting.forEach((line) => output.read(line));
    assert.deepEqual(output.unfinished, {
      name: "etcd to be healthy",
      outcome: "failing",
      error:
        '10.231.0.11: service "etcd" not in expected state "Running": current state [Preparing] Running pre state',
    });
  });

  it("reads nothing into other lines", () => {
    assert.equal(parseHealthLine("context deadline exceeded"), undefined);
    const output = new HealthOutput();
    output.read(
      "waiting for apid to be ready: rpc error: code = DeadlineExceeded desc = context deadline exceeded",
    );
    output.read("context deadline exceeded");
    assert.equal(
      output.unfinished?.error,
      "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
    );
  });

  it("knows which checks need the Kubernetes API", () => {
    const names = [
      "etcd to be healthy",
      "etcd members to be control plane nodes",
      "all nodes to finish boot sequence",
      "all k8s nodes to report",
      "all control plane static pods to be running",
      "coredns to report ready",
    ];
    assert.deepEqual(
      names.map((name) => needsKubernetes({ name, outcome: "running" })),
      [false, false, false, true, true, true],
    );
  });
});
