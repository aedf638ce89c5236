import { checkBond, checkBridge } from "./check-bond";
import { checkDeviceSelector } from "./check-device-selector";
import { checkLink } from "./check-link";
import { checkLinksTogether } from "./check-links-together";
import { mtuBytes, vlanIds } from "./link-values";
import { interfaceNameProblem, macProblem } from "./names";
import type { NetworkInterfaceInput, VlanInput } from "./network-input";
import { eachGiven, isGiven, type Report } from "./report";
import { listed } from "./suggestion";

/** What is wrong with the network interfaces of one machine, each and together. */
export function checkInterfaces(
  path: string,
  interfaces: readonly NetworkInterfaceInput[] | undefined,
  report: Report,
): void {
  eachGiven(interfaces, (link, index) => {
    checkInterface(`${path}[${index}]`, link, report);
  });
  checkLinksTogether(path, interfaces, report);
}

function checkInterface(path: string, link: NetworkInterfaceInput, report: Report): void {
  const { bond, bridge, deviceSelector, mac } = link;
  if (bond !== undefined && bridge !== undefined)
    report(
      path,
      "is both a bond and a bridge. Make two interfaces: the bond, and a bridge over it.",
    );
  if (bond === undefined && bridge === undefined) checkChoice(path, link, report);
  else checkMade(path, bond === undefined ? "bridge" : "bond", link, report);
  if (isGiven(link.interface) && link.interface !== "")
    report(`${path}.interface`, interfaceNameProblem(link.interface));
  if (isGiven(mac)) report(`${path}.mac`, macProblem(mac));
  if (isGiven(deviceSelector))
    checkDeviceSelector(`${path}.deviceSelector`, deviceSelector, report);
  checkLink(path, link, report);
  if (isGiven(bond)) checkBond(`${path}.bond`, bond, report);
  if (isGiven(bridge)) checkBridge(`${path}.bridge`, bridge, report);
  checkVlans(path, link, report);
}

/** A physical interface is chosen in exactly one way. */
function checkChoice(path: string, link: NetworkInterfaceInput, report: Report): void {
  const ways = (["interface", "mac", "deviceSelector"] as const).filter(
    (key) => link[key] !== undefined && link[key] !== "",
  );
  if (ways.length === 0)
    report(
      path,
      "does not say which interface it is. Give one of interface, mac and deviceSelector.",
    );
  else if (ways.length > 1) report(path, `is chosen by ${listed(ways)} at once. Give one of them.`);
}

/** A bond or bridge is made under a name, not found. */
function checkMade(
  path: string,
  kind: "bond" | "bridge",
  link: NetworkInterfaceInput,
  report: Report,
): void {
  if (link.interface === undefined || link.interface === "")
    report(
      `${path}.interface`,
      `is missing. Give the name the ${kind} gets, for example ${kind === "bond" ? "bond0" : "br0"}.`,
    );
  for (const key of ["mac", "deviceSelector"] as const)
    if (link[key] !== undefined)
      report(
        `${path}.${key}`,
        `cannot choose a ${kind}, which is made and not found. Take it out; what lies below is chosen in ${kind}.`,
      );
}

function checkVlans(path: string, link: NetworkInterfaceInput, report: Report): void {
  const seen = new Map<number, number>();
  eachGiven(link.vlans, (vlan, index) => {
    const vlanPath = `${path}.vlans[${index}]`;
    checkLink(vlanPath, vlan, report);
    report(`${vlanPath}.mtu`, outerMtuProblem(vlan, link));
    if (!isGiven(vlan.vlanId)) return;
    const first = seen.get(vlan.vlanId);
    report(
      `${vlanPath}.vlanId`,
      first === undefined
        ? vlanIdProblem(vlan.vlanId)
        : `${vlan.vlanId} stands twice, also at ${path}.vlans[${first}]. Say all of a VLAN in one place.`,
    );
    if (first === undefined) seen.set(vlan.vlanId, index);
  });
}

function vlanIdProblem(vlanId: number): string | undefined {
  if (Number.isInteger(vlanId) && vlanId >= vlanIds.least && vlanId <= vlanIds.most)
    return undefined;
  return `${vlanId} is not a VLAN. Give a whole number from ${vlanIds.least} to ${vlanIds.most}.`;
}

function outerMtuProblem(vlan: VlanInput, link: NetworkInterfaceInput): string | undefined {
  if (!isGiven(vlan.mtu) || !isGiven(link.mtu) || vlan.mtu <= link.mtu) return undefined;
  if (link.mtu < mtuBytes.least) return undefined;
  return `${vlan.mtu} is above the ${link.mtu} of the interface, which would cut the packets. Raise that one, or give at most ${link.mtu}.`;
}
