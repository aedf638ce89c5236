import assert from "node:assert/strict";
import fc from "fast-check";
import { decideSparing, type SparingObservation } from "../../steps/cluster-gate";
import { onHold, quorumOf } from "../../steps/quorum";
import {
  controller,
  found,
  listing,
  maintenance,
  memberOf,
  ours,
  seen,
  unknown,
  unreachable,
  waiting,
  worker,
} from "./observations";

const [first, second, third] = [controller(1), controller(2), controller(3)];
const all = listing([first, second, third].map((machine) => memberOf(machine)));
const healthy: SparingObservation = {
  target: first,
  role: "controller",
  controllers: [first, second, third].map((machine) => found(machine, all)),
  planned: 3,
};
const others = healthy.controllers.slice(1);
const [own] = healthy.controllers;
const onWorker: SparingObservation = { ...healthy, target: worker, role: "worker" };
const solo: SparingObservation = {
  target: first,
  role: "controller",
  controllers: [found(first, listing([memberOf(first)]))],
  planned: 1,
};
const pair = listing([memberOf(first), memberOf(second)]);

/** Name, what was seen, and the words of the refusal; none when the machine can be spared. */
const controllers: [string, SparingObservation, RegExp?][] = [
  ["a controller of three", healthy],
  ["a worker", onWorker],
  ["the only controller", solo],
  [
    "the only controller, whose etcd is down: the wanted version may mend it",
    {
      ...solo,
      controllers: [found(first, unknown)],
    },
  ],
  [
    "one of two that were planned",
    {
      ...healthy,
      controllers: [found(first, pair), found(second, pair)],
      planned: 2,
    },
  ],
  [
    "one of two that are left of three",
    {
      ...healthy,
      controllers: [found(first, pair), found(second, pair), seen(third, maintenance)],
    },
    /no quorum: 1 of 2 voting members left, 2 needed/,
  ],
  [
    "a controller while another is down",
    {
      ...healthy,
      controllers: [own!, found(second, all), seen(third, unreachable)],
    },
    /another controller is down: controller-3/,
  ],
  [
    "a controller while another still starts",
    {
      ...healthy,
      controllers: [own!, found(second, all), found(third, all, ours("booting"))],
    },
    /not in service: controller-3/,
  ],
  [
    "a controller while another's services are unwell",
    {
      ...healthy,
      controllers: [
        own!,
        found(second, all),
        found(third, all, ours("running", [{ name: "services", reason: "etcd" }])),
      ],
    },
    /not in service: controller-3/,
  ],
  [
    "a controller where no Node is Ready",
    {
      ...healthy,
      controllers: healthy.controllers.map(({ machine }) =>
        found(machine, all, ours("running", [{ name: "nodeReady", reason: "no plugin" }])),
      ),
    },
  ],
  [
    "a controller while another's etcd is down",
    {
      ...healthy,
      controllers: [own!, found(second, all), found(third, unknown)],
    },
    /another controller is down: controller-3/,
  ],
  [
    "a controller that is itself unwell",
    {
      ...healthy,
      controllers: [found(first, unknown), ...others],
    },
  ],
  [
    "a controller while lists differ",
    {
      ...healthy,
      controllers: [own!, found(second, pair), found(third, all)],
    },
    /lists other etcd members/,
  ],
  [
    "a controller while another is a learner",
    {
      ...healthy,
      controllers: [first, second].map((machine) =>
        found(machine, listing([memberOf(first), memberOf(second), memberOf(third, true)])),
      ),
    },
    /controller-3 is an etcd learner/,
  ],
  [
    "a controller while there is an alarm",
    {
      ...healthy,
      controllers: [
        found(first, listing(all.kind === "member" ? all.members : [], ["NOSPACE on member 1"])),
        ...others,
      ],
    },
    /etcd alarm: NOSPACE/,
  ],
  [
    "a controller of three, one of them on hold",
    {
      ...healthy,
      controllers: [own!, found(second, all), onHold(third)],
    },
    /no quorum: 1 of 3 voting members left, 2 needed, and controller-3 on hold counts as down/,
  ],
  [
    "a controller that a new one waits beside",
    {
      ...healthy,
      controllers: [...healthy.controllers, seen(controller(4), maintenance)],
    },
  ],
  [
    "a controller while another waits to join",
    {
      ...healthy,
      controllers: [...healthy.controllers, found(controller(4), waiting, ours("booting"))],
    },
    /has not joined yet: controller-4/,
  ],
  [
    "a controller while a member answers in maintenance mode",
    {
      ...healthy,
      controllers: [own!, found(second, all), seen(third, maintenance)],
    },
    /another controller is down: controller-3/,
  ],
  [
    "a controller of a cluster that is not bootstrapped",
    {
      ...healthy,
      controllers: [found(first, waiting, ours("booting")), seen(second, maintenance)],
    },
  ],
  [
    "a controller where nothing answers for etcd",
    {
      ...healthy,
      controllers: [found(first, waiting), found(second, unknown), seen(third, unreachable)],
    },
    /no controller answers for etcd: controller-2/,
  ],
  [
    "a worker while a controller is down",
    {
      ...onWorker,
      controllers: [own!, found(second, all), seen(third, unreachable)],
    },
    /another controller is down: controller-3/,
  ],
  [
    "a worker while a controller is on hold",
    {
      ...onWorker,
      controllers: [own!, found(second, all), onHold(third)],
    },
  ],
  [
    "a worker while most controllers are on hold",
    {
      ...onWorker,
      controllers: [own!, onHold(second), onHold(third)],
    },
    /1 of 3 etcd voting members answer, 2 needed/,
  ],
];

describe("decideSparing, of", () => {
  for (const [name, observation, words] of controllers) {
    it(name, () => {
      const { lasting, passing } = decideSparing(observation);
      const reasons = [...lasting, ...passing].join("\n");
      if (words === undefined) assert.equal(reasons, "");
      else assert.match(reasons, words);
    });
  }

  it("never leaves less than a quorum, whatever is on hold", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 7 }),
        fc.integer({ min: 0, max: 127 }),
        (count, bits) => {
          const machines = Array.from({ length: count }, (_, index) => controller(index + 1));
          const list = listing(machines.map((machine) => memberOf(machine)));
          const isHeld = (index: number) => index > 0 && (bits >> index) % 2 === 1;
          const { lasting, passing } = decideSparing({
            target: machines[0]!,
            role: "controller",
            controllers: machines.map((machine, index) =>
              isHeld(index) ? onHold(machine) : found(machine, list),
            ),
            planned: Math.min(3, count),
          });
          const up = machines.filter((_, index) => index > 0 && !isHeld(index)).length;
          const isOpen = lasting.length + passing.length === 0;
          assert.equal(isOpen, up >= quorumOf(count));
        },
      ),
    );
  });
});
