import { addressProblem, isAddress, isIPv6, linkAddressProblem, networkProblem } from "./addresses";
import { mtuBytes } from "./link-values";
import type { LinkSettingsInput, RouteInput } from "./network-input";
import { eachGiven, isGiven, type Report } from "./report";

/** What is wrong with the settings that every kind of link has. */
export function checkLink(path: string, link: LinkSettingsInput, report: Report): void {
  eachGiven(link.addresses, (address, index) => {
    report(`${path}.addresses[${index}]`, linkAddressProblem(address));
  });
  eachGiven(link.routes, (route, index) => {
    checkRoute(`${path}.routes[${index}]`, route, report);
  });
  if (isGiven(link.mtu)) report(`${path}.mtu`, mtuProblem(link.mtu, hasIPv6(link)));
  if (isGiven(link.vip)) report(`${path}.vip`, addressProblem(link.vip));
}

function hasIPv6(link: LinkSettingsInput): boolean {
  let found = false;
  eachGiven(link.addresses, (address) => (found ||= isIPv6(address)));
  return found;
}

function mtuProblem(mtu: number, ipv6 = false): string | undefined {
  const { least, leastForIPv6, most } = mtuBytes;
  if (!Number.isInteger(mtu) || mtu < least || mtu > most)
    return `${mtu} is not an MTU. Give a whole number of bytes from ${least} to ${most}, usually 1500.`;
  if (ipv6 && mtu < leastForIPv6)
    return `${mtu} is too small for the link's IPv6 address. Give at least ${leastForIPv6}.`;
  return undefined;
}

function checkRoute(path: string, route: RouteInput, report: Report): void {
  const { network, gateway, source, metric, mtu } = route;
  if (network === undefined && gateway === undefined)
    report(path, "leads nowhere. Give network, gateway or both.");
  if (isGiven(network)) report(`${path}.network`, networkProblem(network));
  if (isGiven(gateway))
    report(`${path}.gateway`, addressProblem(gateway) ?? familyProblem(gateway, network));
  if (isGiven(source))
    report(`${path}.source`, addressProblem(source) ?? familyProblem(source, network ?? gateway));
  if (isGiven(metric) && !(Number.isInteger(metric) && metric >= 0 && metric <= 0xffffffff))
    report(
      `${path}.metric`,
      `${metric} is not a metric. Give a whole number from 0 to 4294967295.`,
    );
  if (isGiven(mtu)) report(`${path}.mtu`, mtuProblem(mtu));
}

/** Why an address does not go with another: one is of IPv4, the other of IPv6. */
function familyProblem(address: string, other: string | undefined): string | undefined {
  if (!isGiven(other) || !isAddress(other.replace(/\/\d+$/, ""))) return undefined;
  if (isIPv6(address) === isIPv6(other)) return undefined;
  const family = isIPv6(address) ? "IPv6" : "IPv4";
  return `${address} is ${family}, and ${other} is not. Both ends of a route are of one family.`;
}
