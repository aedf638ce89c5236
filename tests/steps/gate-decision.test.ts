import assert from "node:assert/strict";
import fc from "fast-check";
import { decideGate, type GateObservation } from "../../steps/gate-decision";
import { quorumOf } from "../../steps/quorum";
import { eachDecision } from "./decision-table";
import {
  all,
  first,
  fresh,
  healthy,
  one,
  second,
  seeds,
  third,
  two,
  withLearner,
} from "./gate-observations";
import {
  controller,
  foreign,
  found,
  listing,
  maintenance,
  memberOf,
  ours,
  seen,
  unknown,
  unreachable,
  waiting,
} from "./observations";

/** Name, what was seen, and the words of the refusal; none when the gate is open. */
const table: [string, GateObservation, RegExp | undefined][] = [
  ["a healthy cluster of three", healthy, undefined],
  ["first deployment, first controller", fresh, undefined],
  [
    "first deployment, second controller",
    {
      ...fresh,
      target: second,
      own: seen(second, maintenance),
      others: [found(first, one), seen(third, maintenance)],
    },
    undefined,
  ],
  [
    "first deployment, third controller",
    {
      ...fresh,
      target: third,
      own: seen(third, maintenance),
      others: [found(first, two), found(second, two)],
    },
    undefined,
  ],
  [
    "configured, but not bootstrapped yet",
    { ...healthy, own: found(first, waiting, ours("booting")), others: fresh.others },
    undefined,
  ],
  [
    "the only controller of a cluster",
    { ...healthy, own: found(first, one), seeds: [first], others: [] },
    undefined,
  ],
  [
    "the only controller, its etcd broken",
    { ...healthy, own: found(first, unknown), seeds: [first], others: [] },
    undefined,
  ],
  [
    "one of two, planned with two",
    { ...healthy, own: found(first, two), seeds: [first, second], others: [found(second, two)] },
    undefined,
  ],
  [
    "the first of three, the others not there yet",
    { ...healthy, own: found(first, one), others: fresh.others },
    undefined,
  ],
  ["the broken one of three", { ...healthy, own: found(first, unknown) }, undefined],
  [
    "the learner itself",
    {
      ...healthy,
      target: third,
      own: found(third, withLearner),
      facts: { ...healthy.facts, hostname: "controller-3" },
      others: [found(first, withLearner), found(second, withLearner)],
    },
    undefined,
  ],
  [
    "no Node is Ready without a network plugin",
    {
      ...healthy,
      others: [
        found(second, all, ours("running", [{ name: "nodeReady", reason: "node is not ready" }])),
        found(third, all),
      ],
    },
    undefined,
  ],
  [
    "another controller off",
    { ...healthy, others: [seen(second, unreachable), found(third, all)] },
    /another controller is down: controller-2 \(10\.0\.0\.12\)/,
  ],
  [
    "another controller without etcd",
    { ...healthy, others: [found(second, unknown), found(third, all)] },
    /another controller is down: controller-2/,
  ],
  [
    "another controller booting",
    { ...healthy, others: [found(second, all, ours("booting")), found(third, all)] },
    /controller-2 .* stage booting/,
  ],
  [
    "another controller's API server down",
    {
      ...healthy,
      others: [
        found(
          second,
          all,
          ours("running", [{ name: "staticPods", reason: "kube-apiserver not ready" }]),
        ),
        found(third, all),
      ],
    },
    /not in service: controller-2 .*kube-apiserver not ready/,
  ],
  [
    "another controller wiped",
    { ...healthy, others: [seen(second, maintenance), found(third, all)] },
    /another controller is down: controller-2 .*: in maintenance mode, and an etcd member: it lost its disk/,
  ],
  [
    "another controller of someone else",
    { ...healthy, others: [seen(second, foreign), found(third, all)] },
    /controller-2 .* not ours/,
  ],
  [
    "another controller configured but not joined",
    {
      ...healthy,
      own: found(first, two),
      others: [found(second, two), found(third, waiting, ours("booting"))],
    },
    /controller-3 .* etcd waits to join/,
  ],
  [
    "a member only etcd knows is down",
    { ...healthy, others: [...healthy.others, seen(controller(4), unreachable)] },
    /controller-4/,
  ],
  [
    "a learner",
    {
      ...healthy,
      own: found(first, withLearner),
      others: [found(second, withLearner), found(third, withLearner)],
    },
    /controller-3 is an etcd learner/,
  ],
  [
    "an alarm",
    {
      ...healthy,
      own: found(
        first,
        listing(
          seeds.map((machine) => memberOf(machine)),
          ["NOSPACE on member 1"],
        ),
      ),
    },
    /etcd alarm: NOSPACE/,
  ],
  [
    "lists that differ",
    { ...healthy, others: [found(second, two), found(third, all)] },
    /lists other etcd members/,
  ],
  [
    "two of three members only",
    { ...healthy, own: found(first, two), others: [found(second, two), seen(third, maintenance)] },
    /without controller-1 etcd has no quorum: 1 of 2/,
  ],
  [
    "every controller without an answer",
    {
      ...healthy,
      own: found(first, unknown),
      others: [found(second, unknown), found(third, unknown)],
    },
    /not proven well: controller-2/,
  ],
  [
    "first deployment, another off",
    { ...fresh, others: [seen(second, unreachable), seen(third, maintenance)] },
    /not proven well: controller-2/,
  ],
];

describe("gate decision: the cluster", () => {
  eachDecision(table, decideGate);

  it("tells all problems together", () => {
    const { lasting, passing } = decideGate({
      ...healthy,
      facts: { ...healthy.facts, kubernetesVersions: { kubelet: "v1.34.0" } },
      others: [seen(second, unreachable), seen(third, unreachable)],
    });
    assert.equal(lasting.length, 1);
    assert.equal(passing.length, 2);
  });

  it("says that one voting member cannot be spared without an outage", () => {
    const { notes } = decideGate({
      ...healthy,
      own: found(first, one),
      seeds: [first],
      others: [],
    });
    assert.match(notes.join(), /one voting member: the API is away/);
  });

  it("is never open for a member of three or more whose absence loses the quorum", () => {
    const kinds = fc.constantFrom("up", "down", "maintenance", "learner");
    fc.assert(
      fc.property(fc.array(kinds, { minLength: 2, maxLength: 6 }), (others) => {
        const machines = others.map((_, index) => controller(index + 2));
        const members = [
          memberOf(first),
          ...machines.flatMap((machine, index) =>
            others[index] === "maintenance" ? [] : [memberOf(machine, others[index] === "learner")],
          ),
        ];
        const view = listing(members);
        const observed = machines.map((machine, index) => {
          if (others[index] === "maintenance") return seen(machine, maintenance);
          return others[index] === "down" ? seen(machine, unreachable) : found(machine, view);
        });
        const { lasting, passing } = decideGate({
          ...healthy,
          own: found(first, view),
          others: observed,
        });
        const voters = members.filter(({ learner }) => !learner).length;
        const up = others.filter((kind) => kind === "up").length;
        const isOpen = lasting.length + passing.length === 0;
        if (isOpen && voters > 1) assert.ok(up >= quorumOf(voters), others.join());
        if (others.includes("down")) assert.ok(!isOpen, others.join());
      }),
    );
  });
});
