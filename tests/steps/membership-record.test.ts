import assert from "node:assert/strict";
import fc from "fast-check";
import {
  goneMachines,
  readMembers,
  recordMembers,
  type MemberMachine,
} from "../../steps/membership-record";
import { maximumLineBytes, maximumOutputBytes, Output } from "../../steps/output";

const controllers: MemberMachine[] = [1, 2, 3].map((number) => ({
  name: `controller-${number}`,
  address: `10.0.0.${10 + number}`,
  role: "controller",
}));
const worker: MemberMachine = { name: "worker-1", address: "10.0.0.21", role: "worker" };
const all = [...controllers, worker];

/** What a step prints of a record, with its times, limits and redaction. */
function printed(machines: readonly MemberMachine[], secrets: readonly string[] = []): string {
  let text = "";
  const output = new Output(
    (part) => (text += part),
    () => 1234.5,
    secrets,
  );
  recordMembers(machines).forEach((line) => output.phase(line));
  output.last("done");
  return text;
}

describe("record of members", () => {
  it("is readable by a person while it is short", () => {
    assert.deepEqual(recordMembers(all), [
      "members 4",
      "member controllers controller-1@10.0.0.11 controller-2@10.0.0.12 controller-3@10.0.0.13 workers worker-1@10.0.0.21",
    ]);
  });

  it("is read again as it was, whatever the machines are named", () => {
    const name = fc.oneof(
      fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,40}[a-z0-9]$/),
      // Words that are hidden as the names of secrets, were they followed by a colon or an equals sign.
      fc.constantFrom("ca", "worker-ca", "key", "token", "my-secret", "controllers-1"),
    );
    const machine = fc.record(
      {
        name,
        address: fc.oneof(fc.ipV4(), fc.ipV6()),
        role: fc.constantFrom("controller" as const, "worker" as const),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(machine, { selector: (one) => one.name, maxLength: 40 }),
        (list) => {
          const read = readMembers(printed(list));
          const sorted = (machines: readonly MemberMachine[]) =>
            [...machines].sort((a, b) => (a.name < b.name ? -1 : 1));
          assert.deepEqual(read === "unknown" ? read : sorted(read), sorted(list));
        },
      ),
    );
  });

  it("of a thousand machines fits into what a step may print, and is read again", () => {
    const many: MemberMachine[] = Array.from({ length: 1000 }, (_, index) => ({
      name: `worker-${String(index).padStart(4, "0")}`,
      address: `192.168.${Math.floor(index / 250)}.${index % 250}`,
      role: "worker",
    }));
    const text = printed([...controllers, ...many]);
    assert.ok(Buffer.byteLength(text) <= maximumOutputBytes, `${text.length}`);
    assert.ok(text.split("\n").every((line) => Buffer.byteLength(line) <= maximumLineBytes));
    assert.deepEqual(readMembers(text), [...controllers, ...many]);
  });

  it("is unknown when it is not whole, and never a part of the machines", () => {
    const text = printed(all);
    for (const other of [
      "",
      "node ready\n",
      text.replace("members 4", "members 5"),
      text.replace("worker-1@10.0.0.21", "worker-1@"),
      text.split("\n").slice(1).join("\n"),
      `${text.slice(0, 60)} (cut)`,
      "[   0.1s] members 2\n[   0.1s] packed AAAA\n",
    ])
      assert.equal(readMembers(other), "unknown", other);
  });
});

describe("machines that are gone", () => {
  const renames = (entries: Record<string, string>) => new Map(Object.entries(entries));
  const named = (name: string): MemberMachine => ({ ...worker, name });
  const cases: [string, MemberMachine[], MemberMachine[], Record<string, string>, string[]][] = [
    ["nothing changed", all, all, {}, []],
    ["one added", controllers, all, {}, []],
    ["one taken away", all, controllers, {}, ["worker-1"]],
    ["another address", all, [...controllers, { ...worker, address: "10.0.0.99" }], {}, []],
    ["renamed", all, [...controllers, named("worker-9")], { "worker-9": "worker-1" }, []],
    ["another name, not renamed", all, [...controllers, named("worker-9")], {}, ["worker-1"]],
    [
      "a rename of long ago, its old name taken by another machine that goes",
      [...all, named("worker-9")],
      [...controllers, named("worker-9")],
      { "worker-9": "worker-1" },
      ["worker-1"],
    ],
    [
      "a rename of a machine that is not wanted itself",
      all,
      controllers,
      { "worker-9": "worker-1" },
      ["worker-1"],
    ],
  ];
  for (const [name, previous, wanted, renamed, gone] of cases) {
    it(`${name}: ${gone.join(", ") || "none"}`, () => {
      assert.deepEqual(
        goneMachines(previous, wanted, renames(renamed)).map((machine) => machine.name),
        gone,
      );
    });
  }
});
