import { closest, distance } from "fastest-levenshtein";
import { clockOffset } from "./clock-offset";
import type { ControlClient } from "./control-client";
import { isFaultName, labFaults, type FaultName } from "./faults";
import { findMachine, namedMachines, type NamedMachine } from "./find-machine";
import type { Lab } from "./lab";

/** The words of `lab:fault`, as they were written. */
export interface FaultWords {
  readonly machine?: string;
  readonly fault?: string;
  /** Of a clock. */
  readonly offset?: string;
  readonly clear: boolean;
}

/** What the words mean: one change, or none where they only ask what goes wrong. */
export type FaultChange =
  | { readonly what: "nothing" }
  | { readonly what: "set"; readonly machine: NamedMachine; readonly fault: FaultName }
  | { readonly what: "clear"; readonly machine?: NamedMachine; readonly fault?: FaultName }
  /** Without a machine: of the whole lab. */
  | { readonly what: "clock"; readonly machine?: NamedMachine; readonly offset: string };

const wholeLab = "lab";
const clock = "clock";
const similarDistance = 3;

/** Does what the words say, and returns a line for each thing done. Throws for words without a meaning. */
export async function changeFault(lab: Lab, words: FaultWords): Promise<string[]> {
  const machines = namedMachines(lab, await lab.report());
  return carryOut(lab.control, faultChange(words, machines), machines);
}

/** The change that the words ask for. Throws with what can be written instead. */
export function faultChange(words: FaultWords, machines: readonly NamedMachine[]): FaultChange {
  const { machine: named, fault, offset, clear } = words;
  if (named === undefined) return { what: clear ? "clear" : "nothing" };
  if (offset !== undefined && fault !== clock)
    throw new Error(`offset: "${offset}" says nothing of ${fault}. Only a clock has one.`);
  const machine = named === wholeLab ? undefined : findMachine(machines, named);
  if (fault === clock) return { what: clock, machine, offset: offsetOf(offset, clear) };
  if (machine === undefined && !(clear && fault === undefined))
    throw new Error(
      `machine: \`lab\` is for a clock, as in \`lab clock 400d\`, and for --clear. Name a machine.`,
    );
  const name = fault === undefined ? undefined : faultNamed(fault);
  if (clear) return { what: "clear", machine, fault: name };
  if (machine === undefined || name === undefined)
    throw new Error(
      `fault: missing. \`npm run lab:fault -- --help\` lists them; --clear lifts those of ${named}.`,
    );
  return { what: "set", machine, fault: name };
}

function offsetOf(offset: string | undefined, clear: boolean): string {
  if (clear) return "0s";
  if (offset === undefined)
    throw new Error("offset: missing. Write how far the clock is moved, as 26h or -90m.");
  return clockOffset(offset);
}

function faultNamed(text: string): FaultName {
  if (isFaultName(text)) return text;
  const known = Object.keys(labFaults);
  const near = closest(text, known);
  const guess = distance(text, near) <= similarDistance ? ` Did you mean ${near}?` : "";
  throw new Error(`fault: "${text}" is unknown.${guess} Known are ${known.join(", ")}, ${clock}.`);
}

async function carryOut(
  control: ControlClient,
  change: FaultChange,
  machines: readonly NamedMachine[],
): Promise<string[]> {
  switch (change.what) {
    case "nothing":
      return [];
    case "set":
      await control.setFault(change.machine.address, change.fault);
      return [`${nameOf(change.machine)}: ${labFaults[change.fault]}`];
    case "clock":
      if (change.machine === undefined) await control.labClock(change.offset);
      else await control.clock(change.machine.address, change.offset);
      return [];
    case "clear": {
      await control.clearFaults(change.machine?.address, change.fault);
      if (change.fault !== undefined) return [];
      if (change.machine === undefined) await control.labClock("0s");
      for (const { address } of change.machine === undefined ? machines : [change.machine])
        await control.clock(address, "0s");
      return [];
    }
  }
}

const nameOf = ({ name, address }: NamedMachine) => name || address;
