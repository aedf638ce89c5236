import { ofFile, type BadInput } from "./bad-input";

/** Names, addresses and roles of a machine. */
export const machine: readonly BadInput[] = [
  ofFile("no name", "nodes: [{address: 10.0.0.1, controller: true, installDisk: /dev/sda}]", [
    "nodes[0].name: is missing. Give the machine's host name, for example k8s-node-1.",
  ]),
  ofFile(
    "an empty name",
    "nodes: [{name: '', address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ["nodes[0].name: is missing. Give the machine's host name, for example k8s-node-1."],
  ),
  ofFile(
    "a number as name",
    "nodes: [{name: 12, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    ['nodes/x.yaml: nodes[0].name: 12 is not a text. Put it in quotes: "12".'],
  ),
  ofFile(
    "a name with capitals",
    "nodes: [{name: Node_1, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'nodes["Node_1"].name: "Node_1" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    ],
  ),
  ofFile(
    "a name with a domain",
    "nodes: [{name: a.example.org, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'nodes["a.example.org"].name: "a.example.org" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    ],
  ),
  ofFile(
    "a name that is too long",
    "nodes: [{name: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'nodes["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"].name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    ],
  ),
  ofFile(
    "a scope as name",
    "nodes: [{name: global, address: 10.0.0.1, controller: true, installDisk: /dev/sda}]",
    [
      'nodes["global"].name: "global" is the name of a patch scope. Give the machine another name, for example "global-1".',
    ],
  ),
  ofFile("no address", "nodes: [{name: a, controller: true, installDisk: /dev/sda}]", [
    'nodes["a"].address: is missing. Give the address the Talos API answers at, for example 192.168.1.10.',
  ]),
  ofFile(
    "an address without a value",
    "nodes: [{name: a, address: , controller: true, installDisk: /dev/sda}]",
    [
      'nodes["a"].address: is missing. Give the address the Talos API answers at, for example 192.168.1.10.',
    ],
  ),
  ofFile(
    "an address with a mask",
    "nodes: [{name: a, address: 10.0.0.1/24, controller: true, installDisk: /dev/sda}]",
    ['nodes["a"].address: "10.0.0.1/24" has a mask. Give the address alone: 10.0.0.1.'],
  ),
  ofFile(
    "a host name as address",
    "nodes: [{name: a, address: a.example.org, controller: true, installDisk: /dev/sda}]",
    [
      'nodes["a"].address: "a.example.org" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".',
    ],
  ),
  ofFile(
    "two addresses in one",
    "nodes: [{name: a, address: '10.0.0.1,10.0.0.2', controller: true, installDisk: /dev/sda}]",
    [
      'nodes["a"].address: "10.0.0.1,10.0.0.2" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".',
    ],
  ),
  ofFile(
    "an address with a number too big",
    "nodes: [{name: a, address: 10.0.0.300, controller: true, installDisk: /dev/sda}]",
    [
      'nodes["a"].address: "10.0.0.300" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".',
    ],
  ),
  ofFile(
    "any address",
    "nodes: [{name: a, address: 0.0.0.0, controller: true, installDisk: /dev/sda}]",
    ['nodes["a"].address: "0.0.0.0" stands for any address. Give one, for example "192.168.1.10".'],
  ),
  ofFile(
    "an address that is a number",
    "nodes: [{name: a, address: 10.1, controller: true, installDisk: /dev/sda}]",
    ['nodes/x.yaml: nodes["a"].address: 10.1 is not a text. Put it in quotes: "10.1".'],
  ),
  ofFile(
    "a switch that is a word",
    "nodes: [{name: a, address: 10.0.0.1, controller: yes, installDisk: /dev/sda}]",
    ['nodes/x.yaml: nodes["a"].controller: "yes" is not true or false. Give true or false.'],
  ),
];
