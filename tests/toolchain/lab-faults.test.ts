import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { faultChange, type FaultChange, type FaultWords } from "../../scripts/lab/change-fault";
import { clockOffset } from "../../scripts/lab/clock-offset";
import { labFaults } from "../../scripts/lab/faults";
import { findMachine, namesIn } from "../../scripts/lab/find-machine";
import { projectDirectory } from "../../scripts/toolchain";

const one = { name: "controller-1", address: "127.0.50.11" };
const spare = { name: "", address: "127.0.50.201" };
const machines = [one, spare];

const words = (text: string): FaultWords => {
  const [machine, fault, offset] = text.split(" ").filter((word) => word && word !== "--clear");
  return { machine, fault, offset, clear: text.includes("--clear") };
};

describe("faults of a lab", () => {
  it("are those that the machines know", () => {
    const source = readFileSync(join(projectDirectory, "lab/internal/fault/fault.go"), "utf8");
    const known = [...source.matchAll(/ Name = "([a-z-]+)"/g)].map(([, name]) => name);
    assert.ok(known.length > 10);
    assert.deepEqual(Object.keys(labFaults), known);
  });

  const understood: Record<string, FaultChange> = {
    "": { what: "nothing" },
    "--clear": { what: "clear" },
    "lab --clear": { what: "clear", machine: undefined, fault: undefined },
    "controller-1 partition": { what: "set", machine: one, fault: "partition" },
    "127.0.50.11 hang": { what: "set", machine: one, fault: "hang" },
    "127.0.50.201 off": { what: "set", machine: spare, fault: "off" },
    "controller-1 --clear": { what: "clear", machine: one, fault: undefined },
    "controller-1 hang --clear": { what: "clear", machine: one, fault: "hang" },
    "controller-1 clock -90m": { what: "clock", machine: one, offset: "-90m" },
    "controller-1 clock --clear": { what: "clock", machine: one, offset: "0s" },
    "lab clock 400d": { what: "clock", machine: undefined, offset: "9600h" },
  };
  for (const [text, wanted] of Object.entries(understood))
    it(`lab:fault ${text || "(nothing)"}`, () => {
      assert.deepEqual(faultChange(words(text), machines), wanted);
    });

  const refused: Record<string, RegExp> = {
    "controler-1 hang":
      /^machine: no "controler-1" in this lab\. Did you mean controller-1\? It has controller-1, 127\.0\.50\.201\.$/,
    "worker-9 hang": /^machine: no "worker-9" in this lab\. It has/,
    "controller-1 partitoin": /^fault: "partitoin" is unknown\. Did you mean partition\? Known are/,
    "controller-1": /^fault: missing\. .*--clear lifts those of controller-1\.$/,
    "lab hang": /^machine: `lab` is for a clock/,
    "controller-1 clock": /^offset: missing\./,
    "controller-1 clock tomorrow": /^clock: "tomorrow" is no offset\. Write it as 26h/,
    "controller-1 hang 26h": /^offset: "26h" says nothing of hang\./,
  };
  for (const [text, message] of Object.entries(refused))
    it(`lab:fault ${text} is refused`, () => {
      assert.throws(() => faultChange(words(text), machines), { message });
    });

  it("a clock is moved by what people write", () => {
    assert.deepEqual(["26h", "-90m", "+2d", "-1d", "0", "-0"].map(clockOffset), [
      ...["26h", "-90m", "48h", "-24h", "0s", "0s"],
    ]);
  });

  it("a stranger's address is known by the name in the nodes file", () => {
    const names = namesIn("nodes:\n  - { name: controller-1, address: 127.0.50.11 }\n");
    assert.equal(names.get("127.0.50.11"), "controller-1");
    assert.equal(namesIn("nodes: [").size, 0);
    assert.equal(findMachine(machines, "127.0.50.201"), spare);
  });
});
