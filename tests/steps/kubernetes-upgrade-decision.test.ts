import assert from "node:assert/strict";
import {
  decideKubernetesUpgrade,
  type KubernetesGoal,
} from "../../steps/kubernetes-upgrade-decision";
import {
  imageRepository,
  type Component,
  type ComponentName,
} from "../../steps/kubernetes-upgrade-images";
import type {
  KubernetesObservation,
  UpgradeNode,
} from "../../steps/kubernetes-upgrade-observation";
import { onHold } from "../../steps/quorum";
import {
  controller,
  found,
  listing,
  maintenance,
  memberOf,
  ours,
  seen,
  unknown,
  worker,
} from "./observations";

const seeds = [1, 2, 3].map(controller);
const etcd = listing(seeds.map((machine) => memberOf(machine)));
const goal: KubernetesGoal = { kubernetesVersion: "v1.35.3", held: [], seeds };
const controlPlane: ComponentName[] = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
];

function node(name: string, version: string, change: Partial<UpgradeNode> = {}): UpgradeNode {
  const machine = seeds.find((seed) => seed.name === name) ?? { ...worker, name };
  const isControlPlane = name.startsWith("controller");
  return { ...machine, isControlPlane, ready: true, kubeletVersion: version, ...change };
}

function components(of: UpgradeNode, version: string): Component[] {
  const names: ComponentName[] = of.isControlPlane ? [...controlPlane, "kubelet"] : ["kubelet"];
  return names.map((name) => ({
    node: of.name,
    name,
    image: `registry.k8s.io/${name}:${version}`,
  }));
}

/** A healthy cluster of three controllers and a worker, all at a version. */
function cluster(version = "v1.35.3", change: Partial<KubernetesObservation> = {}) {
  const nodes = [...seeds.map(({ name }) => node(name, version)), node("worker-1", version)];
  return {
    controllers: seeds.map((machine) => found(machine, etcd)),
    nodes,
    components: nodes.flatMap((of) => components(of, version)),
    unread: [],
    ...change,
  };
}

/** The same with the components of one Node at another version. */
function mixed(version: string, name: string, other: string, only?: ComponentName) {
  const base = cluster(version);
  return {
    ...base,
    components: base.components.map((component) =>
      component.node === name && (only === undefined || component.name === only)
        ? { ...component, image: `${imageRepository(component.image)}:${other}` }
        : component,
    ),
  };
}

describe("decision on a Kubernetes upgrade", () => {
  const decide = (observation: KubernetesObservation, change: Partial<KubernetesGoal> = {}) =>
    decideKubernetesUpgrade(observation, { ...goal, ...change });

  it("is done where every component is there, and where no cluster is live yet", () => {
    assert.equal(decide(cluster()).action, "done");
    const fresh = seeds.map((machine) => seen(machine, maintenance));
    assert.deepEqual(decide(cluster("v1.34.1", { controllers: fresh })), {
      action: "done",
      because: "the cluster is not bootstrapped yet",
    });
  });

  it("is not held up by a dead machine when nothing moves: it is taken out later in the run", () => {
    const dead = ["controller-3 does not say what it runs"];
    assert.deepEqual(decide(cluster("v1.35.3", { dead })), {
      action: "done",
      because: "every component is at v1.35.3; controller-3 does not say what it runs",
    });
  });

  it("goes from the lowest version of the control plane, through a controller that answers", () => {
    const decision = decide(mixed("v1.35.1", "controller-2", "v1.34.4", "kube-scheduler"));
    assert.ok(decision.action === "upgrade");
    assert.equal(decision.from, "v1.34.4");
    assert.equal(decision.through.name, "controller-1");
    assert.equal(decision.behind.length, 4);
    assert.match(decision.behind[1] ?? "", /^controller-2: .*kube-scheduler v1\.34\.4/);
  });

  it("names every component that is behind, kube-proxy and a kubelet by its own word among them", () => {
    const proxy = decide(mixed("v1.35.3", "controller-3", "v1.35.2", "kube-proxy"));
    assert.ok(proxy.action === "upgrade");
    assert.deepEqual(proxy.behind, ["controller-3: kube-proxy v1.35.2"]);
    const nodes = cluster().nodes.map((of) =>
      of.name === "worker-1" ? { ...of, kubeletVersion: "v1.35.2" } : of,
    );
    const kubelet = decide(cluster("v1.35.3", { nodes }));
    assert.ok(kubelet.action === "upgrade");
    assert.deepEqual(kubelet.behind, ["worker-1: kubelet v1.35.2"]);
  });

  it("moves patches both ways", () => {
    const down = decide(cluster("v1.35.5"));
    assert.ok(down.action === "upgrade");
    assert.equal(down.from, "v1.35.5");
    assert.equal(decide(cluster("v1.35.0")).action, "upgrade");
  });

  const refusals: [string, KubernetesObservation, Partial<KubernetesGoal>, RegExp][] = [
    [
      "two minors at once",
      cluster("v1.33.2"),
      {},
      /one minor at a time, not from v1\.33\.2 to v1\.35\.3\. First set kubernetesVersion to the newest patch of v1\.34/,
    ],
    [
      "a minor back",
      cluster("v1.36.0"),
      {},
      /does not go back a minor, from v1\.36\.0 to v1\.35\.3/,
    ],
    [
      "an image without a version",
      {
        ...cluster(),
        components: [{ node: "worker-1", name: "kubelet", image: "own/kubelet@sha256:1" }],
      },
      {},
      /own\/kubelet@sha256:1: the image names no Kubernetes version/,
    ],
    [
      "a Node on hold",
      cluster("v1.34.1"),
      { held: ["worker-1"] },
      /worker-1 is on hold.*kubectl delete node worker-1/,
    ],
  ];
  for (const [name, observation, change, text] of refusals) {
    it(`refuses ${name}`, () => {
      const decision = decide(observation, change);
      assert.ok(decision.action === "refuse", decision.action);
      assert.match(decision.reasons.join("\n"), text);
    });
  }

  it("takes back a half-done upgrade while one part of the control plane is still at the old minor", () => {
    const decision = decide(mixed("v1.36.0", "controller-3", "v1.35.3", "kube-scheduler"));
    assert.ok(decision.action === "upgrade");
    assert.equal(decision.from, "v1.35.3");
  });

  const [one, two, three] = seeds as [typeof worker, typeof worker, typeof worker];
  const waits: [string, Partial<KubernetesObservation>, RegExp][] = [
    [
      "a controller whose etcd does not answer",
      { controllers: [found(one, etcd), found(two, etcd), found(three, unknown)] },
      /another controller is down: controller-3/,
    ],
    [
      "controllers that do not agree",
      {
        controllers: [
          found(one, etcd),
          found(two, etcd),
          found(three, listing([memberOf(one), memberOf(three)])),
        ],
      },
      /lists other etcd members/,
    ],
    [
      "a learner",
      {
        controllers: seeds.map((machine) =>
          found(machine, listing([memberOf(one), memberOf(two), memberOf(three, true)])),
        ),
      },
      /learner/,
    ],
    [
      "an alarm",
      {
        controllers: seeds.map((machine) =>
          found(
            machine,
            listing(
              seeds.map((seed) => memberOf(seed)),
              ["NOSPACE"],
            ),
          ),
        ),
      },
      /etcd alarm: NOSPACE/,
    ],
    [
      "a controller that is not running",
      { controllers: [found(one, etcd), found(two, etcd), found(three, etcd, ours("booting"))] },
      /not in service: controller-3/,
    ],
    [
      "a Node that is not Ready",
      { nodes: cluster("v1.34.1").nodes.map((of) => ({ ...of, ready: of.name !== "worker-1" })) },
      /Nodes that are not Ready: worker-1/,
    ],
    [
      "a cluster without a network plugin",
      { nodes: cluster("v1.34.1").nodes.map((of) => ({ ...of, ready: false })) },
      /no Node is Ready.*network plugin/,
    ],
    [
      "a controller without a Node",
      { nodes: cluster("v1.34.1").nodes.slice(1) },
      /controller-1 has no Node/,
    ],
    [
      "a machine that does not answer",
      { unread: ["worker-1 does not say what it runs"] },
      /worker-1 does not say/,
    ],
    [
      "a dead machine, when versions move",
      { dead: ["controller-3 does not say what it runs"] },
      /controller-3 does not say.*if it is gone for good, remove it first/,
    ],
    [
      "no controller that answers",
      { controllers: seeds.map((machine) => found(machine, unknown)) },
      /controller-1 .*etcd does not answer/,
    ],
  ];
  for (const [name, change, text] of waits) {
    it(`waits for ${name}`, () => {
      const decision = decide(cluster("v1.34.1", change));
      assert.ok(decision.action === "wait", decision.action);
      assert.match(decision.reasons.join("\n"), text);
    });
  }

  it("goes round a controller on hold whose Node is deleted", () => {
    const base = cluster("v1.34.1");
    const without = ({ name }: { name: string }) => name !== "controller-3";
    const observation = {
      ...base,
      controllers: [...base.controllers.slice(0, 2), onHold(three)],
      nodes: base.nodes.filter(without),
      components: base.components.filter(({ node: name }) => without({ name })),
    };
    const decision = decide(observation, { held: ["controller-3"] });
    assert.ok(decision.action === "upgrade", JSON.stringify(decision));
    assert.deepEqual(decision.notes, ["controller-3 is on hold and counts as down"]);
  });
});
