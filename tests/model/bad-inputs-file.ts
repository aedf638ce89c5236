import { ofFile, type BadInput } from "./bad-input";

/** Files that are no nodes file. */
export const file: readonly BadInput[] = [
  ofFile("an empty file", "", [
    "nodes/x.yaml: holds nothing. List the machines under nodes.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("a file that is a word", "hello", [
    'nodes/x.yaml: "hello" is not keys with values below them. Give keys with values below them.',
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("a file that is a list", "- name: a", [
    "nodes/x.yaml: holds a list, not keys with values below them. Give keys with values below them.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("text that is not YAML", "nodes: [", [
    "nodes/x.yaml: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 9. Correct the file.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("a key twice", "nodes: []\nnodes: []", [
    "nodes/x.yaml: is not YAML: Map keys must be unique at line 2, column 1. Correct the file.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("an alias without its anchor", "nodes: *a", [
    "nodes/x.yaml: is not YAML: an alias cannot be resolved. Correct the file.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("no machines", "defaults: {}", [
    "nodes/x.yaml: nodes: is missing. Give a list.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("an empty list of machines", "nodes: []", [
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("machines that are a mapping", "nodes: {a: {}}", [
    "nodes/x.yaml: nodes: holds keys with values, not a list. Give a list.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile("machines without a value", "nodes:", [
    "nodes/x.yaml: nodes: has no value. Give a list, or take the key out.",
    "nodes: holds no controller. Set `controller: true` on at least one machine, better on three.",
  ]),
  ofFile(
    "a machine that is a word",
    "nodes: [a, {name: b, address: 10.0.0.2, controller: true, installDisk: /dev/sda}]",
    [
      'nodes/x.yaml: nodes[0]: "a" is not keys with values below them. Give keys with values below them.',
    ],
  ),
  ofFile(
    "a misspelled list of machines",
    "node: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ['nodes/x.yaml: node: unknown key. Did you mean "nodes"?'],
  ),
  ofFile(
    "a merge key",
    "<<: {a: b}\nnodes: [{name: a, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'nodes/x.yaml: ["<<"]: is a merge key, which YAML 1.2 no longer has. Write what machines share under defaults.',
    ],
  ),
];
