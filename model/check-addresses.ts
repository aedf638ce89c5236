import { addressOfPrefix, canonicalAddress, isAddress, isLocal } from "./addresses";
import type { MachineOfLayers } from "./check-understood";
import type { DefaultsInput } from "./cluster-input";
import { isKnown } from "./deferred";
import type { LinkSettingsInput, NetworkInterfaceInput } from "./network-input";
import { layerPath } from "./node-defaults";
import { eachGiven, isGiven, type Report } from "./report";

/** A list of interfaces where it was written, with the machines that have it. */
interface SharedInterfaces {
  readonly path: string;
  readonly interfaces: readonly NetworkInterfaceInput[];
  readonly machines: MachineOfLayers[];
}

/** Addresses that two machines claim, and shared addresses where they cannot be. */
export function checkAddresses(
  machines: readonly MachineOfLayers[],
  defaults: DefaultsInput | undefined,
  report: Report,
): void {
  const owners = ownersOfApiAddresses(machines, report);
  const lists = interfacesByPath(machines, defaults);
  for (const list of lists) checkLinkAddresses(list, owners, report);
  for (const list of lists) checkSharedAddresses(list, owners, report);
}

function ownersOfApiAddresses(
  machines: readonly MachineOfLayers[],
  report: Report,
): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { path, written } of machines) {
    const { address } = written;
    if (!isKnown(address) || !isAddress(address)) continue;
    const owner = owners.get(canonicalAddress(address));
    if (owner === undefined) owners.set(canonicalAddress(address), path);
    else
      report(
        `${path}.address`,
        `${address} is also the address of ${owner}. Every machine has an address of its own.`,
      );
  }
  return owners;
}

function interfacesByPath(
  machines: readonly MachineOfLayers[],
  defaults: DefaultsInput | undefined,
): SharedInterfaces[] {
  const lists = new Map<string, SharedInterfaces>();
  for (const machine of machines) {
    const interfaces = machine.merged.networkInterfaces;
    if (!isGiven(interfaces)) continue;
    const path = `${layerPath("networkInterfaces", machine.written, machine.path, defaults)}.networkInterfaces`;
    const list = lists.get(path);
    // Machines of one name share their path; each still has interfaces of its own.
    if (list?.interfaces === interfaces) list.machines.push(machine);
    else
      lists.set(list === undefined ? path : `${path} ${lists.size}`, {
        path,
        interfaces,
        machines: [machine],
      });
  }
  return [...lists.values()];
}

function checkLinkAddresses(
  { path, interfaces, machines }: SharedInterfaces,
  owners: Map<string, string>,
  report: Report,
): void {
  const [machine, ...others] = machines;
  if (machine === undefined) return;
  const seen = new Map<string, string>();
  eachAddress(path, interfaces, (place, address) => {
    const canonical = addressOfPrefix(address);
    if (!isAddress(canonical) || isLocal(canonical)) return;
    const first = seen.get(canonical);
    const owner = owners.get(canonical);
    if (first !== undefined)
      report(place, `${address} stands twice, also at ${first}. A machine has an address once.`);
    else if (others.length > 0)
      report(
        place,
        `${address} would be the address of ${machines.length} machines. Give networkInterfaces with addresses under nodes, or use dhcp.`,
      );
    else if (owner !== undefined && owner !== machine.path)
      report(
        place,
        `${address} is also an address of ${owner}. Every machine has addresses of its own.`,
      );
    else owners.set(canonical, machine.path);
    seen.set(canonical, place);
  });
}

function eachAddress(
  path: string,
  interfaces: readonly NetworkInterfaceInput[],
  visit: (place: string, address: string) => void,
): void {
  eachLink(path, interfaces, (linkPath, link) => {
    eachGiven(link.addresses, (address, index) => {
      visit(`${linkPath}.addresses[${index}]`, address);
    });
  });
}

function eachLink(
  path: string,
  interfaces: readonly NetworkInterfaceInput[],
  visit: (linkPath: string, link: LinkSettingsInput) => void,
): void {
  eachGiven(interfaces, (link, index) => {
    // Every machine may have the same address on its loopback, for anycast.
    if (link.interface === "lo") return;
    visit(`${path}[${index}]`, link);
    eachGiven(link.vlans, (vlan, place) => {
      visit(`${path}[${index}].vlans[${place}]`, vlan);
    });
  });
}

function checkSharedAddresses(
  { path, interfaces, machines }: SharedInterfaces,
  owners: ReadonlyMap<string, string>,
  report: Report,
): void {
  const worker = machines.find(({ written }) => written.controller !== true);
  const seen = new Map<string, string>();
  eachLink(path, interfaces, (linkPath, { vip }) => {
    if (!isGiven(vip)) return;
    const place = `${linkPath}.vip`;
    if (worker !== undefined)
      report(
        place,
        path.startsWith("defaults")
          ? `is for controllers only, and ${worker.path} is a worker. Give it in defaults.controllers.`
          : "is for controllers only, and this machine is a worker. Take it out.",
      );
    const canonical = canonicalAddress(vip);
    const owner = owners.get(canonical);
    const first = seen.get(canonical);
    if (owner !== undefined)
      report(
        place,
        `${vip} is an address of ${owner}. Give an address that no machine has: it moves from one to another.`,
      );
    if (first !== undefined)
      report(place, `${vip} stands twice, also at ${first}. One link of a machine holds it.`);
    seen.set(canonical, place);
  });
}
