import assert from "node:assert/strict";
import { decideGate, type GateObservation } from "../../steps/gate-decision";
import { membersLeftBehind } from "../../steps/gate-replacement";
import { onHold } from "../../steps/quorum";
import { eachDecision } from "./decision-table";
import { all, first, fresh, healthy, onWorker, second, third } from "./gate-observations";
import {
  controller,
  found,
  listing,
  maintenance,
  memberOf,
  ours,
  seen,
  unreachable,
} from "./observations";

const moved = { name: "controller-1", address: "10.0.0.99" };
const reinstalled: GateObservation = {
  ...healthy,
  configured: false,
  incarnation: 2,
  own: seen(first, maintenance),
  facts: { talosVersion: "v1.13.0" },
};
const five = listing([1, 2, 3, 4, 5].map((number) => memberOf(controller(number))));
const heldThird = {
  ...healthy,
  held: ["controller-3"],
  others: [found(second, all), onHold(third)],
};

/** Name, what was seen, and the words of the refusal; none when the gate is open. */
const table: [string, GateObservation, RegExp | undefined][] = [
  ["reinstalled, its dead member still there", reinstalled, undefined],
  [
    "reinstalled, nobody said so",
    { ...reinstalled, incarnation: 1 },
    /^it was configured by an earlier run .*set incarnation: 2 for controller-1/,
  ],
  [
    "reinstalled under a new name, at the old address",
    { ...reinstalled, target: { ...first, name: "controller-9" }, incarnation: 1 },
    /set incarnation: 2 for controller-9/,
  ],
  [
    "reinstalled at another address, the old machine off",
    {
      ...reinstalled,
      target: moved,
      own: seen(moved, maintenance),
      others: [...healthy.others, seen(first, unreachable)],
    },
    undefined,
  ],
  [
    "reinstalled at another address, the old machine running",
    {
      ...reinstalled,
      target: moved,
      own: seen(moved, maintenance),
      others: [...healthy.others, found(first, all)],
    },
    /the machine it takes the place of still runs, at 10\.0\.0\.11/,
  ],
  [
    "reinstalled while another is down",
    { ...reinstalled, others: [found(second, all), seen(third, unreachable)] },
    /its dead etcd member controller-1 cannot be removed: 1 of 3 voting members answer, 2 needed/,
  ],
  [
    "a new controller while a learner joins",
    {
      ...reinstalled,
      target: controller(4),
      own: seen(controller(4), maintenance),
      incarnation: 1,
      others: [first, second, third].map((machine) =>
        found(machine, listing([memberOf(first), memberOf(second), memberOf(third, true)])),
      ),
    },
    /controller-3 is an etcd learner/,
  ],
  [
    "a new controller joins a healthy cluster",
    {
      ...reinstalled,
      target: controller(4),
      own: seen(controller(4), maintenance),
      incarnation: 1,
      others: [first, second, third].map((machine) => found(machine, all)),
    },
    undefined,
  ],
  [
    "one of three on hold",
    heldThird,
    /without controller-1 etcd has no quorum: 1 of 3 voting members left, 2 needed\. controller-3 is on hold and counts as down/,
  ],
  [
    "one of five on hold",
    {
      ...healthy,
      held: ["controller-3"],
      own: found(first, five),
      others: [
        found(second, five),
        onHold(third),
        found(controller(4), five),
        found(controller(5), five),
      ],
    },
    undefined,
  ],
  [
    "one of five on hold, another down",
    {
      ...healthy,
      held: ["controller-3"],
      own: found(first, five),
      others: [
        found(second, five),
        onHold(third),
        found(controller(4), five),
        seen(controller(5), unreachable),
      ],
    },
    /another controller is down: controller-5/,
  ],
  [
    "a new controller takes the vote of one on hold",
    {
      ...heldThird,
      target: controller(4),
      configured: false,
      own: seen(controller(4), maintenance),
      facts: {},
      others: [found(first, all), found(second, all), onHold(third)],
    },
    undefined,
  ],
  [
    "a first deployment with one on hold",
    { ...fresh, held: ["controller-3"], others: [seen(second, maintenance), onHold(third)] },
    undefined,
  ],
  [
    "a worker, one controller on hold",
    {
      ...onWorker,
      held: ["controller-3"],
      others: [found(first, all), found(second, all), onHold(third)],
    },
    undefined,
  ],
  ["itself on hold", { ...healthy, held: ["controller-1"] }, /it is on hold\. Set hold: false/],
  [
    "staged, in maintenance mode",
    { ...fresh, applyMode: "staged" },
    /applyMode staged cannot install it: what is staged there is lost\. Set applyMode: auto for controller-1/,
  ],
  [
    "no-reboot, in maintenance mode of 1.12",
    { ...fresh, applyMode: "no-reboot", facts: { talosVersion: "v1.12.4" }, wanted: {} },
    /applyMode no-reboot cannot install it: Talos v1\.12\.4 does not know it there/,
  ],
  ["no-reboot, in maintenance mode of 1.13", { ...fresh, applyMode: "no-reboot" }, undefined],
  ["staged, on a running machine", { ...healthy, applyMode: "staged" }, undefined],
];

describe("gate decision: holds, replacements and modes", () => {
  eachDecision(table, decideGate);

  it("says that a controller on hold counts as down", () => {
    const { notes } = decideGate({ ...heldThird, others: [found(second, all), onHold(third)] });
    assert.match(notes.join(), /controller-3 .* on hold: it is not asked, and counts as down/);
  });

  it("finds what a reinstalled machine leaves behind, by name and by address, and nothing of a running one", () => {
    const members = [memberOf(first), { ...memberOf(second), hostname: "old" }, memberOf(third)];
    const of = (target: typeof first, state = maintenance) =>
      membersLeftBehind({ ...reinstalled, target, own: seen(target, state) }, members).map(
        ({ hostname }) => hostname,
      );
    assert.deepEqual(of(first), ["controller-1"]);
    assert.deepEqual(of(moved), ["controller-1"]);
    assert.deepEqual(of(second), ["old"]);
    assert.deepEqual(of(controller(4)), []);
    assert.deepEqual(of(first, ours()), []);
  });
});
