import type { GateObservation } from "../../steps/gate-decision";
import {
  controller,
  found,
  listing,
  maintenance,
  memberOf,
  ours,
  seen,
  worker,
} from "./observations";

export const [first, second, third] = [controller(1), controller(2), controller(3)];
export const seeds = [first, second, third];
export const all = listing(seeds.map((machine) => memberOf(machine)));
export const wanted = {
  talosVersion: "v1.13.0",
  kubernetesVersion: "v1.35.3",
  oldestTalosVersion: "v1.13",
};

export const healthy: GateObservation = {
  target: first,
  role: "controller",
  configured: true,
  incarnation: 1,
  applyMode: "auto",
  held: [],
  own: found(first, all),
  facts: {
    talosVersion: "v1.13.0",
    kubernetesVersions: { kubelet: "v1.35.3", "kube-apiserver": "v1.35.3" },
    hostname: "controller-1",
    type: "controlplane",
  },
  wanted,
  seeds,
  others: [found(second, all), found(third, all)],
};

export const fresh: GateObservation = {
  ...healthy,
  configured: false,
  own: seen(first, maintenance),
  facts: { talosVersion: "v1.13.0" },
  others: [seen(second, maintenance), seen(third, maintenance)],
};

export const one = listing([memberOf(first)]);
export const two = listing([memberOf(first), memberOf(second)]);
export const withLearner = listing([memberOf(first), memberOf(second), memberOf(third, true)]);
export const onWorker: GateObservation = {
  ...healthy,
  target: worker,
  role: "worker",
  own: seen(worker, ours()),
  facts: { ...healthy.facts, hostname: "worker-1", type: "worker" },
  others: seeds.map((machine) => found(machine, all)),
};
