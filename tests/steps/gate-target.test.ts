import assert from "node:assert/strict";
import { decideGate, type GateObservation } from "../../steps/gate-decision";
import { eachDecision } from "./decision-table";
import {
  all,
  first,
  fresh,
  healthy,
  onWorker,
  second,
  seeds,
  third,
  wanted,
} from "./gate-observations";
import { foreign, found, maintenance, seen, unreachable, worker } from "./observations";

const identity = { uuid: "4C4C-1" };
const hardware = { uuid: "4c4c-1" };

/** Name, what was seen, and the words of the refusal; none when the gate is open. */
const table: [string, GateObservation, RegExp | undefined][] = [
  ["a worker of a healthy cluster", onWorker, undefined],
  [
    "a worker, one controller of three down",
    { ...onWorker, others: [found(first, all), found(second, all), seen(third, unreachable)] },
    undefined,
  ],
  [
    "a new worker",
    { ...onWorker, configured: false, own: seen(worker, maintenance), facts: {} },
    undefined,
  ],
  [
    "the machine off",
    { ...healthy, own: seen(first, unreachable), facts: {} },
    /^cannot be asked: no answer/,
  ],
  [
    "the machine of someone else",
    { ...healthy, own: seen(first, foreign), facts: {} },
    /^not ours/,
  ],
  [
    "the machine wiped",
    { ...healthy, own: seen(first, maintenance), facts: {} },
    /configured by an earlier run and now answers in maintenance mode/,
  ],
  [
    "a machine installed anew while the whole cluster is to be taken down",
    { ...fresh, incarnation: 2, teardown: true },
    /teardown is on, so deleting the config of its earlier incarnation would reset it/,
  ],
  ["the last config before a teardown", { ...healthy, incarnation: 2, teardown: true }, undefined],
  [
    "a medium too old for the documents",
    {
      ...fresh,
      facts: { talosVersion: "v1.12.4" },
      wanted: { ...wanted, installerImage: "factory.example/metal-installer/abc:v1.13.0" },
    },
    /booted Talos v1\.12\.4.*medium.*factory\.example\/metal-installer\/abc:v1\.13\.0/,
  ],
  [
    "another Kubernetes running",
    {
      ...healthy,
      facts: {
        ...healthy.facts,
        kubernetesVersions: { kubelet: "v1.34.2", "kube-apiserver": "v1.35.3" },
      },
    },
    /runs kubelet v1\.34\.2, the pin says Kubernetes v1\.35\.3.*the step kubernetes-upgrade does/,
  ],
  [
    "an upgrade half done",
    {
      ...healthy,
      facts: {
        ...healthy.facts,
        kubernetesVersions: { kubelet: "v1.35.3", "kube-apiserver": "v1.36.0" },
      },
    },
    /runs kube-apiserver v1\.36\.0/,
  ],
  [
    "addresses swapped",
    { ...healthy, facts: { ...healthy.facts, hostname: "controller-2" } },
    /is "controller-2", which the stack expects at 10\.0\.0\.12/,
  ],
  [
    "a machine of another name",
    { ...healthy, facts: { ...healthy.facts, hostname: "old-1" } },
    /^the machine at this address is "old-1", wanted is "controller-1"\. If it is the same machine under a new name, set renamedFrom: old-1 for controller-1 in nodes\/<stack>\.yaml; else put the address there right\.$/,
  ],
  [
    "a machine that was renamed",
    { ...healthy, renamedFrom: "old-1", facts: { ...healthy.facts, hostname: "old-1" } },
    undefined,
  ],
  ["a machine that bears its new name already", { ...healthy, renamedFrom: "old-1" }, undefined],
  [
    "a renamed machine of a third name",
    { ...healthy, renamedFrom: "old-1", facts: { ...healthy.facts, hostname: "old-2" } },
    /is "old-2", wanted is "controller-1", or "old-1" before it was renamed/,
  ],
  [
    "a machine without a name yet",
    { ...healthy, facts: { ...healthy.facts, hostname: undefined } },
    undefined,
  ],
  [
    "a name in other letters",
    { ...healthy, facts: { ...healthy.facts, hostname: "Controller-1" } },
    undefined,
  ],
  [
    "the machine wiped, its third installation",
    { ...healthy, incarnation: 2, own: seen(first, maintenance), facts: {} },
    /set incarnation: 3 for controller-1 in nodes\/<stack>\.yaml and run pulumi up again/,
  ],
  [
    "a machine reinstalled on purpose",
    {
      ...healthy,
      incarnation: 2,
      configured: false,
      own: seen(third, maintenance),
      target: third,
      facts: { talosVersion: "v1.13.0" },
      others: [found(first, all), found(second, all)],
    },
    undefined,
  ],
  [
    "the hardware of the identity",
    { ...fresh, identity, facts: { ...fresh.facts, hardware } },
    undefined,
  ],
  [
    "other hardware, in maintenance mode",
    { ...fresh, identity, facts: { ...fresh.facts, hardware: { uuid: "other" } } },
    /^its UUID is other, its identity says 4C4C-1: it is another machine\./,
  ],
  [
    "hardware that does not tell, in maintenance mode",
    { ...fresh, identity, facts: { ...fresh.facts, hardware: {} } },
    /^it does not tell its UUID, so it may be another machine, and nothing secret is sent to it\. .*identity\.uuid/,
  ],
  [
    "other hardware, configured",
    { ...healthy, identity, facts: { ...healthy.facts, hardware: { uuid: "other" } } },
    /its UUID is other/,
  ],
  [
    "hardware that does not tell, configured",
    { ...healthy, identity, facts: { ...healthy.facts, hardware: {} } },
    undefined,
  ],
  ["the address it had", { ...healthy, previousAddress: "10.0.0.11" }, undefined],
  [
    "a controller at another address",
    { ...healthy, previousAddress: "10.0.0.99" },
    /^its address was 10\.0\.0\.99 and is now 10\.0\.0\.11\. A configured controller keeps its address: remove it and add it again under a new name, or put the old address back/,
  ],
  [
    "a controller at another address where nothing answers",
    { ...healthy, previousAddress: "10.0.0.99", own: seen(first, unreachable), facts: {} },
    /A configured controller keeps its address/,
  ],
  [
    "a controller that was never configured, at another address",
    { ...fresh, previousAddress: "10.0.0.99" },
    undefined,
  ],
  ["a worker at another address", { ...onWorker, previousAddress: "10.0.0.99" }, undefined],
  [
    "another worker at a worker's new address",
    {
      ...onWorker,
      previousAddress: "10.0.0.99",
      facts: { ...onWorker.facts, hostname: "worker-2" },
    },
    /is "worker-2"/,
  ],
  [
    "a machine without a name at a worker's new address",
    { ...onWorker, previousAddress: "10.0.0.99", facts: { type: "worker" } },
    /its address was 10\.0\.0\.99 and is now 10\.0\.0\.21, and what answers there has no name yet/,
  ],
  [
    "a machine in maintenance mode at a worker's new address",
    {
      ...onWorker,
      previousAddress: "10.0.0.99",
      own: seen(worker, maintenance),
      facts: {},
    },
    /configured by an earlier run and now answers in maintenance mode/,
  ],
  [
    "another role",
    { ...healthy, facts: { ...healthy.facts, type: "worker" } },
    /runs as a worker, wanted as a controller/,
  ],
  [
    "a worker, no quorum",
    {
      ...onWorker,
      others: [found(first, all), seen(second, unreachable), seen(third, unreachable)],
    },
    /1 of 3 etcd voting members answer, 2 needed/,
  ],
  [
    "a worker, no controller answers",
    { ...onWorker, others: seeds.map((machine) => seen(machine, unreachable)) },
    /no controller answers for etcd: controller-1/,
  ],
  [
    "a worker before the bootstrap",
    { ...onWorker, others: seeds.map((machine) => seen(machine, maintenance)) },
    /not bootstrapped yet/,
  ],
];

describe("gate decision: the machine, and workers", () => {
  it("gives hardware that is not known yet a moment, and other hardware none", () => {
    const untold = decideGate({ ...fresh, identity, facts: { hardware: {} } });
    assert.deepEqual([untold.lasting.length, untold.passing.length], [0, 1]);
    const other = decideGate({ ...fresh, identity, facts: { hardware: { uuid: "other" } } });
    assert.deepEqual([other.lasting.length, other.passing.length], [1, 0]);
  });

  eachDecision(table, decideGate);
});
