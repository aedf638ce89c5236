import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubernetesNode } from "../../steps/kubernetes-nodes";
import type { Role } from "../../steps/machine";
import { onHold, quorumOf } from "../../steps/quorum";
import {
  decideRemoval,
  leavingReasons,
  type LeavingMachine,
  type LeavingObservation,
} from "../../steps/removal-decision";
import { eachDecision } from "./decision-table";
import {
  controller,
  foreign,
  found,
  listing,
  maintenance,
  memberOf,
  ours,
  seen,
  unreachable,
  worker,
} from "./observations";

const [first, second, third, fourth] = [1, 2, 3, 4].map(controller) as [
  ReturnType<typeof controller>,
  ReturnType<typeof controller>,
  ReturnType<typeof controller>,
  ReturnType<typeof controller>,
];
const node: KubernetesNode = {
  name: "controller-4",
  machineId: "",
  internalAddresses: [fourth.address],
  ready: true,
  cordoned: false,
  isControlPlane: true,
  kubeletVersion: "v1.35.3",
  resourceVersion: "1",
};
const leaving: LeavingMachine = {
  machine: { ...fourth, role: "controller" },
  state: ours(),
  facts: { hostname: "controller-4", type: "controlplane" },
  member: memberOf(fourth),
  node,
};
const nothing = { machine: leaving.machine, facts: {} };

describe("removal decision", () => {
  const cases: [string, LeavingMachine, string | RegExp][] = [
    ["runs", leaving, "reset"],
    [
      "runs, out of etcd and Kubernetes",
      { ...nothing, state: ours(), facts: leaving.facts },
      "reset",
    ],
    ["wipes itself", { ...leaving, state: ours("resetting") }, "wait"],
    ["empty, still a member", { ...leaving, state: maintenance }, "empty"],
    ["empty, still a Node", { ...nothing, state: maintenance, node }, "empty"],
    ["empty, nothing left", { ...nothing, state: maintenance }, "finished"],
    ["silent, still a member", { ...leaving, state: unreachable }, "silent"],
    ["silent, nothing left", { ...nothing, state: unreachable }, "finished"],
    ["of another cluster", { ...leaving, state: foreign }, /another cluster/],
    ["another machine", { ...leaving, facts: { hostname: "worker-7" } }, /"worker-7"/],
    [
      "a worker",
      { ...leaving, facts: { hostname: "controller-4", type: "worker" } },
      /as a worker/,
    ],
    [
      "its address has an heir",
      { ...leaving, machine: { ...first, name: "old", role: "controller" } },
      /its address belongs to controller-1 now.*renamedFrom: old for controller-1/,
    ],
  ];
  for (const [name, observation, expected] of cases) {
    it(`${name}: ${expected.toString()}`, () => {
      const removal = decideRemoval(observation, [first, second, third]);
      if (typeof expected === "string") assert.equal(removal.kind, expected);
      else assert.match(removal.kind === "refuse" ? removal.because : removal.kind, expected);
    });
  }
});

const four = listing([first, second, third, fourth].map((machine) => memberOf(machine)));
const healthy: LeavingObservation = {
  target: fourth,
  role: "controller",
  alive: true,
  own: found(fourth, four),
  others: [first, second, third].map((machine) => found(machine, four)),
};
const list = (...machines: (typeof first)[]) =>
  listing(machines.map((machine) => memberOf(machine)));
const dead = { ...healthy, alive: false, own: undefined };

describe("reasons not to leave", () => {
  const cases: [string, LeavingObservation, RegExp | undefined][] = [
    ["a fourth controller", healthy, undefined],
    ["a dead fourth controller", dead, undefined],
    [
      "the second of two",
      {
        ...healthy,
        target: second,
        own: found(second, list(first, second)),
        others: [found(first, list(first, second))],
      },
      undefined,
    ],
    [
      "a dead second of two",
      { ...dead, target: second, others: [found(first, list(first, second))] },
      /without controller-2 etcd has no quorum: 1 of the 1 other voting members answer/,
    ],
    [
      "the last",
      { ...healthy, target: first, own: found(first, list(first)), others: [] },
      /controller-1 is the last controller/,
    ],
    [
      "a dead one of three, another down",
      {
        ...dead,
        target: third,
        others: [found(first, list(first, second, third)), seen(second, unreachable)],
      },
      /another controller is down: controller-2/,
    ],
    [
      "one of four, two on hold",
      { ...healthy, others: [found(first, four), onHold(second), onHold(third)] },
      /without controller-4 etcd has no quorum: 1 of the 3 other voting members answer, 2 needed/,
    ],
    [
      "one of four, one on hold",
      { ...healthy, others: [found(first, four), found(second, four), onHold(third)] },
      undefined,
    ],
    [
      "lists that differ",
      {
        ...healthy,
        others: [found(first, four), found(second, list(first, second)), found(third, four)],
      },
      /lists other etcd members/,
    ],
    [
      "a learner",
      {
        ...healthy,
        own: undefined,
        others: [first, second].map((machine) =>
          found(
            machine,
            listing([memberOf(first), memberOf(second), memberOf(third, true), memberOf(fourth)]),
          ),
        ),
      },
      /controller-3 is an etcd learner/,
    ],
    [
      "nobody answers",
      { ...dead, others: [seen(first, unreachable)] },
      /no other controller answers/,
    ],
    ["a worker", { ...healthy, target: worker, role: "worker", own: undefined }, undefined],
    [
      "a worker without a quorum",
      {
        ...healthy,
        target: worker,
        role: "worker",
        own: undefined,
        others: [found(first, four), seen(second, unreachable)],
      },
      /1 of 4 etcd voting members answer, 3 needed/,
    ],
  ];
  eachDecision(cases, leavingReasons, { allowed: "may leave", refused: "stays" });

  it("never lets a machine go whose going leaves no quorum", () => {
    const kinds = fc.constantFrom("up" as const, "down" as const, "held" as const);
    const role = fc.constantFrom<Role>("controller", "worker");
    fc.assert(
      fc.property(
        fc.array(kinds, { minLength: 1, maxLength: 6 }),
        role,
        fc.boolean(),
        (others, of, alive) => {
          const machines = others.map((_, index) => controller(index + 2));
          const target = of === "controller" ? first : worker;
          const members = list(...(of === "controller" ? [first] : []), ...machines);
          const observed = machines.map((machine, index) =>
            others[index] === "up"
              ? found(machine, members)
              : others[index] === "held"
                ? onHold(machine)
                : seen(machine, unreachable),
          );
          const { lasting, passing } = leavingReasons({
            target,
            role: of,
            alive,
            others: observed,
          });
          if (lasting.length + passing.length > 0) return;
          const up = others.filter((kind) => kind === "up").length;
          assert.ok(up >= quorumOf(others.length), `${of}: ${others.join()}`);
          // etcd must be able to agree to it in the first place.
          if (of === "controller")
            assert.ok(up + (alive ? 1 : 0) >= quorumOf(others.length + 1), others.join());
        },
      ),
    );
  });
});
