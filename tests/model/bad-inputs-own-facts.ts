import { ofMachine, ofMachineForm, type BadInput } from "./bad-input";

/** Identity, release, old name, patches and unknown keys of a machine. */
export const ownFacts: readonly BadInput[] = [
  ofMachine(
    "an identity without anything",
    "identity: {}",
    ".identity: holds nothing to know the machine by. Give at least one of uuid, serial and mac.",
  ),
  ofMachineForm(
    "a UUID that is none",
    "identity: {uuid: 1234}",
    '.identity.uuid: 1234 is not a text. Put it in quotes: "1234".',
  ),
  ofMachine(
    "a UUID without hyphens",
    "identity: {uuid: 4c4c454400423510805 2b9c04f4a5a32}",
    '.identity.uuid: "4c4c454400423510805 2b9c04f4a5a32" is not a UUID. Give it as `talosctl get systeminformation` shows it, for example "4c4c4544-0042-3510-8052-b9c04f4a5a32".',
  ),
  ofMachine(
    "an empty serial number",
    "identity: {serial: ' '}",
    ".identity.serial: is empty. Give the machine's serial number, or take it out.",
  ),
  ofMachine(
    "a MAC address with hyphens",
    "identity: {mac: 52-54-00-12-34-56}",
    '.identity.mac: "52-54-00-12-34-56" is not a MAC address. Give six pairs of hexadecimal digits with colons between, for example "52:54:00:12:34:56".',
  ),
  ofMachineForm(
    "an unknown key of an identity",
    "identity: {macAddress: '52:54:00:12:34:56'}",
    ".identity.macAddress: unknown key. Known keys are uuid, serial and mac.",
  ),
  ofMachine(
    "a release without its v",
    "talosVersion: 1.12.0",
    '.talosVersion: "1.12.0" lacks its "v". Write v1.12.0.',
  ),
  ofMachine(
    "a release without its patch",
    "talosVersion: v1.12",
    '.talosVersion: "v1.12" is not a release. Give v, then major, minor and patch, for example v1.12.0.',
  ),
  ofMachineForm(
    "a release that is a number",
    "talosVersion: 1.10",
    '.talosVersion: 1.10 is not a text. Put it in quotes: "1.10".',
  ),
  ofMachine(
    "a rename to itself",
    "renamedFrom: a",
    `.renamedFrom: "a" is the machine's name now. Give the name it had before, or take it out.`,
  ),
  ofMachine(
    "an old name that is none",
    "renamedFrom: Old_Name",
    '.renamedFrom: "Old_Name" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
  ),
  ofMachine(
    "an incarnation of none",
    "incarnation: 0",
    ".incarnation: 0 is not a count. Give a whole number from 1 on, one more for every reinstallation.",
  ),
  ofMachineForm(
    "half an incarnation",
    "incarnation: 1.5",
    ".incarnation: 1.5 is not a whole number. Give a whole number.",
  ),
  ofMachineForm(
    "an incarnation as a text",
    "incarnation: '2'",
    '.incarnation: "2" is a text. Take off the quotes: 2.',
  ),
  ofMachineForm(
    "a patch that is a list",
    "patches: [[{op: add}]]",
    ".patches[0]: holds a list, not keys with values or a text of YAML. Give keys with values or a text of YAML.",
  ),
  ofMachineForm(
    "a patch that is a number",
    "patches: [1]",
    ".patches[0]: 1 is not keys with values or a text of YAML. Give keys with values or a text of YAML.",
  ),
  ofMachineForm(
    "patches that are a mapping",
    "patches: {machine: {}}",
    ".patches: holds keys with values, not a list. Give a list.",
  ),
  ofMachineForm(
    "a patch that names a file",
    "patches: ['@patches/a.yaml']",
    ".patches[0]: names a file. Put the file into the folder patches/<name of the machine>, where it is found.",
  ),
  ofMachineForm(
    "a misspelled key",
    "adress: 10.0.0.1",
    '.adress: unknown key. Did you mean "address"?',
  ),
  ofMachineForm(
    "an unknown key like no other",
    "zebra: 1",
    ".zebra: unknown key. Known keys are name, address, controller, installDisk, installDiskSelector, platform, architecture, networkInterfaces, nameservers, timeServers, searchDomains, schematic, schematicId, dropExtensions, secureboot, encryptDisk, labels, annotations, taints, talosVersion, applyMode, identity, patches, renamedFrom, incarnation and hold.",
  ),
  ofMachineForm(
    "a key in kebab case",
    "time-servers: [a.example]",
    '.time-servers: unknown key. Did you mean "timeServers"?',
  ),
];
