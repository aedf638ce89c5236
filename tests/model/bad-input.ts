import type { NodesContext } from "../../model/check-nodes";

/** An input that must be refused, with the exact words. */
export interface BadInput {
  readonly what: string;
  readonly nodesYaml: string;
  /** What stack config says beside it. */
  readonly context?: NodesContext;
  /** Every line that comes out, and no other. */
  readonly expected: readonly string[];
}

/** Name of the nodes file in messages. */
export const file = "nodes/x.yaml";

/** A whole nodes file; the lines are whole too. */
export function ofFile(
  what: string,
  nodesYaml: string,
  expected: readonly string[],
  context?: NodesContext,
): BadInput {
  return { what, nodesYaml, expected, context };
}

const machineWith = (fields: string) =>
  `nodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda, ${fields}}]`;

/** One good machine with more fields, that the checks refuse: lines go on after `nodes["a"]`. */
export function ofMachine(what: string, fields: string, ...lines: string[]): BadInput {
  return {
    what,
    nodesYaml: machineWith(fields),
    expected: lines.map((line) => `nodes["a"]${line}`),
  };
}

/** One good machine with more fields, that are not of the form of a nodes file. */
export function ofMachineForm(what: string, fields: string, ...lines: string[]): BadInput {
  const { nodesYaml, expected } = ofMachine(what, fields, ...lines);
  return { what, nodesYaml, expected: expected.map((line) => `${file}: ${line}`) };
}

const link = (fields: string) => `networkInterfaces: [{${fields}}]`;
const linkLines = (lines: readonly string[]) => lines.map((line) => `.networkInterfaces[0]${line}`);

/** A machine with one network interface that the checks refuse: lines go on after `networkInterfaces[0]`. */
export function ofLink(what: string, fields: string, ...lines: string[]): BadInput {
  return ofMachine(what, link(fields), ...linkLines(lines));
}

/** A machine with one network interface that is not of the form of a nodes file. */
export function ofLinkForm(what: string, fields: string, ...lines: string[]): BadInput {
  return ofMachineForm(what, link(fields), ...linkLines(lines));
}
