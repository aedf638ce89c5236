import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { parseNodesFile } from "../../model/nodes-file";
import { problemLine } from "../../model/problem";

const known = "Known keys are name, address, controller, installDisk, schematic and schematicId.";

describe("parseNodesFile", () => {
  it("reads machines", () => {
    const text =
      "nodes:\n  - {name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}\n  - {name: b, address: 10.0.0.2, installDisk: /dev/sda}\n";
    const { nodes, problems } = parseNodesFile("nodes/x.yaml", text);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      nodes.map((node) => [node.name, node.controller]),
      [
        ["a", true],
        ["b", false],
      ],
    );
  });

  const faults: [string, string, string[]][] = [
    [
      "an unknown key with its likely meaning",
      "nodes: [{name: a, adress: 10.0.0.1}]",
      [`nodes/x.yaml: nodes["a"].adress: unknown key. Did you mean "address"? ${known}`],
    ],
    [
      "an unknown key at the top",
      "node: []\nnodes: []",
      [`nodes/x.yaml: node: unknown key. Did you mean "nodes"? Known keys are nodes.`],
    ],
    [
      "an unknown key deep inside",
      "nodes: [{name: a, schematic: {customization: {systemExtension: {}}}}]",
      [
        `nodes/x.yaml: nodes["a"].schematic.customization.systemExtension: unknown key. Did you mean "systemExtensions"? Known keys are systemExtensions.`,
      ],
    ],
    [
      "a number for a text",
      "nodes: [{name: 12}]",
      [`nodes/x.yaml: nodes[0].name: 12 is not a text. Put it in quotes: "12".`],
    ],
    [
      "a text for a switch",
      `nodes: [{name: a, controller: "yes"}]`,
      [`nodes/x.yaml: nodes["a"].controller: "yes" is not true or false. Give true or false.`],
    ],
    [
      "a machine that is a word",
      "nodes: [a]",
      [
        `nodes/x.yaml: nodes[0]: "a" is not keys with values below them. Give keys with values below them.`,
      ],
    ],
    [
      "no list of machines",
      "nodes: {a: {}}",
      [`nodes/x.yaml: nodes: {"a":{}} is not a list. Give a list.`],
    ],
    ["an empty file", "", ["nodes/x.yaml: is missing. Give keys with values below them."]],
    [
      "a key twice",
      "nodes: []\nnodes: []",
      ["nodes/x.yaml: is not YAML: Map keys must be unique at line 2, column 1. Correct the file."],
    ],
  ];
  for (const [what, text, expected] of faults) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(parseNodesFile("nodes/x.yaml", text).problems.map(problemLine), expected));
  }

  it("keeps what is right of a machine that is partly wrong", () => {
    const { nodes } = parseNodesFile(
      "nodes/x.yaml",
      "nodes: [{name: a, address: 12, extra: 1, installDisk: /dev/sda}]",
    );
    assert.deepEqual(
      nodes.map(({ name, address, installDisk }) => ({ name, address, installDisk })),
      [{ name: "a", address: undefined, installDisk: "/dev/sda" }],
    );
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseNodesFile("f", text)));
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) => void parseNodesFile("f", stringify({ nodes: [value] })),
      ),
    );
  });
});
