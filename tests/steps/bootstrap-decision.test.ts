import assert from "node:assert/strict";
import fc from "fast-check";
import { decideBootstrap, judgeBootstrapError } from "../../steps/bootstrap-decision";
import type { ObservedController } from "../../steps/quorum";
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

const [first, second, third] = [controller(1), controller(2), controller(3)];
const live = listing([memberOf(second)]);

describe("bootstrap decision", () => {
  const table: [string, ObservedController[], string][] = [
    [
      "fresh: the node waits, the others are in maintenance",
      [found(first, waiting, ours("booting")), seen(second, maintenance), seen(third, maintenance)],
      "bootstrap",
    ],
    [
      "fresh: all wait",
      [found(first, waiting), found(second, waiting), found(third, waiting)],
      "bootstrap",
    ],
    ["one controller", [found(first, waiting, ours("booting"))], "bootstrap"],
    [
      "the node itself is live",
      [found(first, listing([memberOf(first)])), seen(second, maintenance)],
      "done",
    ],
    [
      "another is live, the node was replaced by an empty machine",
      [found(first, waiting), found(second, live)],
      "done",
    ],
    ["another is live, the node is off", [seen(first, unreachable), found(second, live)], "done"],
    [
      "another is live, a third is off",
      [found(first, waiting), found(second, live), seen(third, unreachable)],
      "done",
    ],
    ["the node installs", [seen(first, unreachable), seen(second, maintenance)], "wait on itself"],
    [
      "the node has not left maintenance yet",
      [seen(first, maintenance), seen(second, maintenance)],
      "wait on itself",
    ],
    [
      "the node's etcd is in no known state",
      [found(first, unknown), seen(second, maintenance)],
      "wait on itself",
    ],
    [
      "another cannot be asked",
      [found(first, waiting), seen(second, unreachable), seen(third, maintenance)],
      "wait on others",
    ],
    [
      "another's etcd does not answer",
      [found(first, waiting), found(second, unknown)],
      "wait on others",
    ],
    [
      "another is ours, but was not asked about etcd",
      [found(first, waiting), seen(second, ours("booting"))],
      "wait on others",
    ],
    ["another belongs to someone else", [found(first, waiting), seen(second, foreign)], "refuse"],
    [
      "the node belongs to someone else",
      [seen(first, foreign), seen(second, maintenance)],
      "refuse",
    ],
  ];
  for (const [name, controllers, expected] of table) {
    it(`${name}: ${expected}`, () => {
      const decision = decideBootstrap(first, controllers);
      const text = decision.action === "wait" ? `wait on ${decision.on}` : decision.action;
      assert.equal(text, expected);
    });
  }

  it("names the controller that cannot be asked, with its address", () => {
    const decision = decideBootstrap(first, [found(first, waiting), seen(second, unreachable)]);
    assert.deepEqual(decision, {
      action: "wait",
      for: "controller-2 (10.0.0.12): cannot be asked: no answer in time",
      on: "others",
    });
  });

  it("never bootstraps unless every controller proves to hold no data", () => {
    const states = fc.constantFrom<(number: number) => ObservedController>(
      (number) => found(controller(number), waiting),
      (number) => found(controller(number), unknown),
      (number) => found(controller(number), listing([memberOf(controller(number))])),
      (number) => seen(controller(number), maintenance),
      (number) => seen(controller(number), unreachable),
      (number) => seen(controller(number), foreign),
      (number) => seen(controller(number), ours("installing")),
    );
    fc.assert(
      fc.property(fc.array(states, { minLength: 1, maxLength: 5 }), (kinds) => {
        const controllers = kinds.map((make, index) => make(index + 1));
        const proven = controllers.every(
          ({ state, etcd }) => state.kind === "maintenance" || etcd?.kind === "waiting",
        );
        const bootstraps = decideBootstrap(first, controllers).action === "bootstrap";
        assert.equal(bootstraps, proven && controllers[0]?.etcd?.kind === "waiting");
      }),
    );
  });
});

describe("answer to a bootstrap", () => {
  it("allows another try only after a plain refusal", () => {
    assert.equal(judgeBootstrapError("failed-precondition"), "not-yet");
    for (const kind of ["already-exists", "silent", "broken", "refused", "other"]) {
      assert.equal(judgeBootstrapError(kind), "unsure", kind);
    }
  });
});
