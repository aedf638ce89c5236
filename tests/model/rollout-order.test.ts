import assert from "node:assert/strict";
import fc from "fast-check";
import { heldMachines, rolloutWaves, type RolloutMachines } from "../../model/rollout-order";

interface Machine {
  readonly name: string;
  readonly hold: boolean;
}

const machines = (...names: string[]): Machine[] =>
  names.map((name) => ({ name: name.replace("!", ""), hold: name.endsWith("!") }));

const cases: [string, RolloutMachines<Machine>, string[][]][] = [
  [
    "controllers one by one, then workers one by one",
    {
      controllers: machines("a", "b"),
      workers: machines("w", "x"),
      rollout: { maxUnavailable: 1 },
    },
    [["a"], ["b"], ["w"], ["x"]],
  ],
  [
    "workers in waves, the last one smaller; controllers one by one still",
    {
      controllers: machines("a", "b", "c"),
      workers: machines("v", "w", "x", "y", "z"),
      rollout: { maxUnavailable: 2 },
    },
    [["a"], ["b"], ["c"], ["v", "w"], ["x", "y"], ["z"]],
  ],
  [
    "no wave for machines on hold, and none smaller for their sake",
    {
      controllers: machines("a", "b!", "c"),
      workers: machines("v!", "w", "x!", "y"),
      rollout: { maxUnavailable: 2 },
    },
    [["a"], ["c"], ["w", "y"]],
  ],
  [
    "one wave of workers where all may be out",
    {
      controllers: machines("a"),
      workers: machines("v", "w"),
      rollout: { maxUnavailable: 50 },
    },
    [["a"], ["v", "w"]],
  ],
  [
    "nothing without workers",
    { controllers: machines("a"), workers: [], rollout: { maxUnavailable: 3 } },
    [["a"]],
  ],
];

const anyMachines = fc.array(fc.record({ name: fc.string(), hold: fc.boolean() }));
const anyRollout = fc.record({
  controllers: anyMachines,
  workers: anyMachines,
  rollout: fc.record({ maxUnavailable: fc.integer({ min: 1, max: 10 }) }),
});

describe("rolloutWaves", () => {
  for (const [what, given, expected] of cases)
    it(`makes ${what}`, () =>
      assert.deepEqual(
        rolloutWaves(given).map((wave) => wave.map(({ name }) => name)),
        expected,
      ));

  it("holds every machine once, in order, or it is on hold", () => {
    fc.assert(
      fc.property(anyRollout, (given) => {
        const all = [...given.controllers, ...given.workers];
        const waves = rolloutWaves(given);
        assert.deepEqual(
          waves.flat(),
          all.filter(({ hold }) => !hold),
        );
        assert.deepEqual(
          heldMachines(given),
          all.filter(({ hold }) => hold),
        );
        assert.ok(waves.every((wave) => wave.length > 0));
      }),
    );
  });

  it("never has two controllers in a wave, nor more workers than may be out", () => {
    fc.assert(
      fc.property(anyRollout, (given) => {
        for (const wave of rolloutWaves(given)) {
          const controllers = wave.filter((machine) => given.controllers.includes(machine)).length;
          assert.ok(controllers === 0 || wave.length === 1);
          assert.ok(wave.length <= given.rollout.maxUnavailable || controllers === 1);
        }
      }),
    );
  });
});
