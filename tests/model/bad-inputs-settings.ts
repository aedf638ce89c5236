import { ofMachine, ofMachineForm, type BadInput } from "./bad-input";

/** Platform, servers, schematic and what else goes into the image. */
export const settings: readonly BadInput[] = [
  ofMachine(
    "a platform that is none",
    "platform: openstak",
    '.platform: "openstak" is not a platform. Did you mean "openstack"? Give one of metal, akamai, aws, azure, cloudstack, digital-ocean, equinixMetal, exoscale, gcp, hcloud, nocloud, opennebula, openstack, oracle, scaleway, upcloud, vmware and vultr.',
  ),
  ofMachine(
    "an architecture that is none",
    "architecture: x86_64",
    '.architecture: "x86_64" is not an architecture of Talos. Give one of amd64 and arm64.',
  ),
  ofMachine(
    "a name server by name",
    "nameservers: [dns.example.org]",
    '.nameservers[0]: "dns.example.org" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".',
  ),
  ofMachine(
    "a name server with a port",
    "nameservers: ['1.1.1.1:53']",
    '.nameservers[0]: "1.1.1.1:53" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".',
  ),
  ofMachineForm(
    "one name server that is not a list",
    "nameservers: 1.1.1.1",
    '.nameservers: "1.1.1.1" is not a list. Give a list, for example ["192.168.1.1"].',
  ),
  ofMachine(
    "a time server that is a URL",
    "timeServers: ['ntp://time.example.org']",
    '.timeServers[0]: "ntp://time.example.org" is neither a host name nor an IP address. Give one of them, for example time.cloudflare.com.',
  ),
  ofMachine(
    "a time server with a number too big",
    "timeServers: [10.0.0.300]",
    '.timeServers[0]: "10.0.0.300" is neither a host name nor an IP address. Give one of them, for example time.cloudflare.com.',
  ),
  ofMachine(
    "a search domain with a blank",
    "searchDomains: ['home example']",
    '.searchDomains[0]: "home example" is not a domain. Give its name, for example home.example.',
  ),
  ofMachine(
    "a search domain with a dot at its end",
    "searchDomains: [home.example.]",
    '.searchDomains[0]: "home.example." is not a domain. Give its name, for example home.example.',
  ),
  ofMachine(
    "a schematic and its id",
    "schematic: {}, schematicId: '0000000000000000000000000000000000000000000000000000000000000000'",
    ".schematicId: stands beside schematic. Give one of the two: the id follows from the schematic.",
  ),
  ofMachine(
    "a schematic id that is too short",
    "schematicId: abc",
    '.schematicId: "abc" is not a schematic id. An id is 64 hexadecimal digits in lower case, as the image factory shows it.',
  ),
  ofMachine(
    "a schematic id in capitals",
    "schematicId: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    '.schematicId: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" is not a schematic id. An id is 64 hexadecimal digits in lower case, as the image factory shows it.',
  ),
  ofMachineForm(
    "a schematic as a text",
    "schematic: abc",
    '.schematic: "abc" is not keys with values below them. Give keys with values below them.',
  ),
  ofMachineForm(
    "a misspelled key deep in a schematic",
    "schematic: {customization: {systemExtension: {}}}",
    '.schematic.customization.systemExtension: unknown key. Did you mean "systemExtensions"?',
  ),
  ofMachineForm(
    "one extension that is not a list",
    "schematic: {customization: {systemExtensions: {officialExtensions: siderolabs/iscsi-tools}}}",
    '.schematic.customization.systemExtensions.officialExtensions: "siderolabs/iscsi-tools" is not a list. Give a list, for example ["siderolabs/iscsi-tools"].',
  ),
  ofMachineForm(
    "a META value without its value",
    "schematic: {customization: {meta: [{key: 10}]}}",
    ".schematic.customization.meta[0].value: is missing. Give a text.",
  ),
  ofMachineForm(
    "a META key that is a word",
    "schematic: {customization: {meta: [{key: ten, value: x}]}}",
    '.schematic.customization.meta[0].key: "ten" is not a whole number. Give a whole number.',
  ),
  ofMachine(
    "an extension without a publisher",
    "dropExtensions: [iscsi-tools]",
    '.dropExtensions[0]: "iscsi-tools" is not an extension. Give publisher, slash and name, for example siderolabs/iscsi-tools.',
  ),
  ofMachineForm(
    "secure boot as a word",
    "secureboot: 'on'",
    '.secureboot: "on" is not true or false. Give true or false.',
  ),
  ofMachineForm(
    "a key for the disk that is none",
    "encryptDisk: luks",
    '.encryptDisk: "luks" is not true, false, "tpm" or "nodeID". Give true, false, "tpm" or "nodeID".',
  ),
  ofMachineForm(
    "a disk key in a structure",
    "encryptDisk: {tpm: true}",
    '.encryptDisk: holds keys with values, not true, false, "tpm" or "nodeID". Give true, false, "tpm" or "nodeID".',
  ),
  ofMachine(
    "a way to apply configs that is none",
    "applyMode: noreboot",
    '.applyMode: "noreboot" is not a way to apply a config. Did you mean "no-reboot"? Give one of auto, no-reboot and staged.',
  ),
  ofMachineForm(
    "hold as a word",
    "hold: 'on'",
    '.hold: "on" is not true or false. Give true or false.',
  ),
];
