import assert from "node:assert/strict";
import type { KubernetesNode } from "../../steps/kubernetes-nodes";
import { decideNodes, type NodesObservation } from "../../steps/node-gate";
import { controller, worker } from "./observations";

const node = (name: string, more: Partial<KubernetesNode> = {}): KubernetesNode => ({
  name,
  machineId: name,
  internalAddresses: [],
  ready: true,
  cordoned: false,
  isControlPlane: name.startsWith("controller"),
  kubeletVersion: "v1.35.3",
  resourceVersion: "1",
  ...more,
});
const cluster: NodesObservation = {
  target: worker,
  role: "worker",
  nodename: "worker-1",
  nodes: [node("controller-1"), node("worker-1"), node("worker-2")],
  held: [],
};
const with2 = (more: Partial<KubernetesNode>): NodesObservation => ({
  ...cluster,
  nodes: [...cluster.nodes.slice(0, 2), node("worker-2", more)],
});
const ourWork = "worker-2, upgrade, 2026-11-25T00:00:00.000Z";

/** Name, what was seen, words of the refusal or none, and words of the note. */
const nodes: [string, NodesObservation, RegExp | undefined, RegExp?][] = [
  ["all are Ready", cluster, undefined],
  ["another is not Ready", with2({ ready: false }), /^Node worker-2 is not Ready$/],
  [
    "one on hold is not Ready",
    { ...with2({ ready: false }), held: ["worker-2"] },
    undefined,
    /on hold/,
  ],
  [
    "one on hold with a domain is not Ready",
    {
      ...cluster,
      nodes: [...cluster.nodes.slice(0, 2), node("worker-2.example.org", { ready: false })],
      held: ["worker-2"],
    },
    undefined,
    /on hold/,
  ],
  [
    "none is Ready",
    { ...cluster, nodes: cluster.nodes.map((each) => ({ ...each, ready: false })) },
    undefined,
    /network plugin/,
  ],
  ["there is none", { ...cluster, nodes: [] }, undefined],
  [
    "its own is not Ready",
    {
      ...cluster,
      nodes: [node("controller-1"), node("worker-1", { ready: false })],
    },
    undefined,
    /its own Node worker-1/,
  ],
  [
    "another is cordoned by somebody",
    with2({ cordoned: true }),
    undefined,
    /worker-2 is cordoned, not by/,
  ],
  [
    "another worker of the wave is out",
    with2({ ready: false, cordoned: true, cordonedBy: ourWork }),
    undefined,
  ],
  [
    "a worker is out while a controller is to go",
    {
      ...with2({ ready: false, cordoned: true, cordonedBy: ourWork }),
      target: controller(1),
      role: "controller",
      nodename: "controller-1",
    },
    /^Node worker-2 is not Ready$/,
  ],
];

describe("decideNodes, when", () => {
  for (const [name, observation, refused, noted] of nodes) {
    it(name, () => {
      const { lasting, passing, notes } = decideNodes(observation);
      const reasons = [...lasting, ...passing].join("\n");
      if (refused === undefined) assert.equal(reasons, "");
      else assert.match(reasons, refused);
      if (noted !== undefined) assert.match(notes.join("\n"), noted);
    });
  }
});
