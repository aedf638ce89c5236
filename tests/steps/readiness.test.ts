import assert from "node:assert/strict";
import { judgeReadiness, type ReadinessObservation } from "../../steps/readiness";
import type { StaticPod } from "../../steps/static-pods";
import { parseServices } from "../../steps/services";
import {
  controller,
  foreign,
  listing,
  maintenance,
  memberOf,
  ours,
  unknown,
  unreachable,
  waiting,
  worker,
} from "./observations";

const first = controller(1);

/** `talosctl services` of a real Talos v1.13.0 controller in container mode. */
const services =
  parseServices(`NODE        SERVICE      STATE       HEALTH   LAST CHANGE   LAST EVENT
10.0.0.11   apid         Running     OK       1m9s ago      Health check successful
10.0.0.11   containerd   Running     OK       1m10s ago     Health check successful
10.0.0.11   cri          Running     OK       27s ago       Health check successful
10.0.0.11   dashboard    Running     ?        27s ago       Process Process(["/sbin/dashboard"]) started with PID 1890
10.0.0.11   etcd         Running     OK       27s ago       Health check successful
10.0.0.11   kubelet      Running     OK       24s ago       Health check successful
10.0.0.11   machined     Running     OK       1m10s ago     Health check successful
10.0.0.11   trustd       Running     OK       27s ago       Health check successful
`);
const onWorker = services.filter(({ id }) => !["etcd", "trustd"].includes(id));

/** The control plane's pods, one of them changed. */
function pods(change: Partial<StaticPod> = {}): StaticPod[] {
  return ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((name, index) => ({
    name,
    ready: true,
    outdated: false,
    ...(index === 0 ? change : {}),
  }));
}

const well: ReadinessObservation = {
  machine: first,
  role: "controller",
  state: ours(),
  services,
  etcd: listing([memberOf(first)]),
  staticPods: pods(),
  rebootPending: false,
  nodeReady: true,
  otherNodeReady: true,
};
const noNode = [{ name: "nodeReady", reason: 'node "controller-1" status is not available yet' }];
const changed = (id: string, change: object) =>
  services.map((service) => (service.id === id ? { ...service, ...change } : service));

const table: [string, ReadinessObservation, RegExp | undefined][] = [
  ["a controller that is well", well, undefined],
  [
    "a worker that is well",
    {
      ...well,
      machine: worker,
      role: "worker",
      services: onWorker,
      etcd: undefined,
      staticPods: undefined,
    },
    undefined,
  ],
  ["pods not rendered yet", { ...well, staticPods: [] }, /control plane pods are not there yet/],
  [
    "pods without an answer",
    { ...well, staticPods: undefined },
    /control plane pods are not there yet/,
  ],
  [
    "a pod not ready",
    { ...well, staticPods: pods({ ready: false }) },
    /^pod kube-apiserver is not ready$/,
  ],
  [
    "a pod not restarted yet",
    { ...well, staticPods: pods({ outdated: true }) },
    /pod kube-apiserver still runs with its earlier configuration/,
  ],
  [
    "no Node is Ready anywhere",
    { ...well, state: ours("running", noNode), nodeReady: false, otherNodeReady: false },
    undefined,
  ],
  [
    "no Node yet, nor any other",
    { ...well, state: ours("running", noNode), nodeReady: undefined, otherNodeReady: undefined },
    undefined,
  ],

  ["off", { ...well, state: unreachable }, /cannot be asked/],
  ["still in maintenance", { ...well, state: maintenance }, /maintenance/],
  ["another certificate", { ...well, state: foreign }, /not ours/],
  [
    "booting",
    { ...well, state: ours("booting", [{ name: "services", reason: "etcd not running" }]) },
    /stage booting; services: etcd not running/,
  ],
  ["a reboot is due", { ...well, rebootPending: true }, /reboot into its new configuration is due/],
  [
    "running with a condition unmet",
    {
      ...well,
      state: ours("running", [{ name: "staticPods", reason: "kube-apiserver not ready" }]),
    },
    /staticPods: kube-apiserver not ready/,
  ],
  [
    "a service unhealthy",
    { ...well, services: changed("kubelet", { health: "Fail" }) },
    /service kubelet is Running, unhealthy/,
  ],
  [
    "a service whose health is not known yet",
    { ...well, services: changed("etcd", { health: "?" }) },
    /service etcd is Running, its health not known/,
  ],
  [
    "a service not running",
    { ...well, services: changed("kubelet", { state: "Waiting", health: "?" }) },
    /service kubelet is Waiting/,
  ],
  ["a service missing", { ...well, services: onWorker }, /service etcd is not there/],
  [
    "an extension that failed",
    {
      ...well,
      services: [...services, { id: "ext-iscsid", state: "Failed", health: "?", lastEvent: "" }],
    },
    /service ext-iscsid is Failed/,
  ],
  ["services that did not answer", { ...well, services: undefined }, /have not answered/],
  ["an etcd learner", { ...well, etcd: listing([memberOf(first, true)]) }, /learner/],
  [
    "not an etcd member",
    { ...well, etcd: listing([memberOf(controller(2))]) },
    /not among the etcd members/,
  ],
  ["etcd waiting to join", { ...well, etcd: waiting }, /not an etcd member yet/],
  ["etcd without an answer", { ...well, etcd: unknown }, /etcd does not answer/],
  [
    "its Node not Ready while another is",
    { ...well, state: ours("running", noNode), nodeReady: false },
    /its Node is not Ready while others are \(node "controller-1"/,
  ],
];

describe("readiness", () => {
  for (const [name, observation, missing] of table) {
    it(`${name}: ${missing === undefined ? "ready" : "not ready"}`, () => {
      const verdict = judgeReadiness(observation);
      if (missing === undefined) assert.ok(verdict.ready, JSON.stringify(verdict));
      else assert.match(verdict.ready ? "ready" : verdict.missing.join("; "), missing);
    });
  }

  it("says what it is, and that no Node is Ready where none is", () => {
    const verdict = judgeReadiness({ ...well, nodeReady: false, otherNodeReady: false });
    assert.ok(verdict.ready);
    assert.equal(
      verdict.summary,
      "stage running, 8 services, etcd member controller-1, Node not Ready, nor is any other (no network plugin yet)",
    );
  });
});
