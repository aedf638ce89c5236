import assert from "node:assert/strict";
import { decideGate, type GateObservation } from "../../steps/gate-decision";
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
    /runs kubelet v1\.34\.2, the pin says Kubernetes v1\.35\.3.*upgrade-k8s .*--to 1\.35\.3/,
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
  for (const [name, observation, refusal] of table) {
    it(`${name}: ${refusal === undefined ? "open" : "refused"}`, () => {
      const { lasting, passing } = decideGate(observation);
      const problems = [...lasting, ...passing];
      if (refusal === undefined) assert.deepEqual(problems, []);
      else assert.match(problems.join("\n"), refusal);
    });
  }
});
