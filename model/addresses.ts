import ipaddr from "ipaddr.js";

/** What is wrong with an address that stands alone, such as a machine's, or nothing. */
export function addressProblem(address: string): string | undefined {
  if (isAddress(address)) {
    return isUnspecified(address)
      ? `"${address}" stands for any address. Give one, for example "192.168.1.10".`
      : undefined;
  }
  const withoutMask = address.replace(/\/\d+$/, "");
  if (withoutMask !== address && isAddress(withoutMask)) {
    return `"${address}" has a mask. Give the address alone: ${withoutMask}.`;
  }
  return `"${address}" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".`;
}

/** What is wrong with an address of a link, which has a mask, or nothing. */
export function linkAddressProblem(address: string): string | undefined {
  const prefix = parsePrefix(address);
  if (prefix === undefined) {
    if (isAddress(address))
      return `"${address}" has no mask. Write it with one, for example ${address}/${isIPv6(address) ? 64 : 24}.`;
    return `"${address}" is not an address with a mask. Give IPv4 or IPv6 with one, for example "192.168.1.10/24".`;
  }
  if (isUnspecified(prefix.address))
    return `"${address}" stands for any address. Give one, for example "192.168.1.10/24".`;
  // IPv6 has no such rule in use: all zeros are an address there, if a strange one.
  if (!isIPv6(address) && prefix.bits < 31 && prefix.address === networkOf(prefix))
    return `"${address}" is a whole network. Give the machine's own address in it.`;
  return undefined;
}

/** What is wrong with a route's destination, or nothing. */
export function networkProblem(network: string): string | undefined {
  const prefix = parsePrefix(network);
  if (prefix === undefined) {
    if (isAddress(network))
      return `"${network}" has no mask. Write ${network}/${isIPv6(network) ? 128 : 32} for this address alone, or the network it lies in.`;
    return `"${network}" is not a network. Give an address with a mask, for example "10.20.0.0/16", or "0.0.0.0/0" for everything else.`;
  }
  const first = networkOf(prefix);
  if (canonicalAddress(prefix.address) === first) return undefined;
  return `"${network}" is an address in a network. Write the network: ${first}/${prefix.bits}.`;
}

interface Prefix {
  readonly address: string;
  readonly bits: number;
}

function parsePrefix(text: string): Prefix | undefined {
  const [, address = "", digits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = Number(digits);
  if (!isAddress(address) || bits > (isIPv6(address) ? 128 : 32)) return undefined;
  return { address, bits };
}

function networkOf({ address, bits }: Prefix): string {
  const network = isIPv6(address)
    ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`)
    : ipaddr.IPv4.networkAddressFromCIDR(`${address}/${bits}`);
  return network.toString();
}

/** Whether a text is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** Whether an address, with or without a mask, is of IPv6. */
export function isIPv6(address: string): boolean {
  return address.includes(":");
}

function isUnspecified(address: string): boolean {
  return ipaddr.parse(address).range() === "unspecified";
}

/** Whether an address means something else on every machine, so that many may have the same. */
export function isLocal(address: string): boolean {
  return isAddress(address) && ["loopback", "linkLocal"].includes(ipaddr.parse(address).range());
}

/** One spelling for an address, so that two spellings of one IPv6 address are seen to be the same. */
export function canonicalAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
}

/** The address of `192.168.1.10/24`, in one spelling. */
export function addressOfPrefix(prefix: string): string {
  return canonicalAddress(prefix.replace(/\/\d+$/, ""));
}

/** What is wrong with the cluster's endpoint, or nothing. */
export function endpointProblem(endpoint: string): string | undefined {
  const example = "for example https://192.168.1.100:6443";
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    return `"${endpoint}" is not a URL. Give https, the host and the port of the Kubernetes API, ${example}.`;
  }
  if (url.protocol !== "https:")
    return `"${endpoint}" is not https. The Kubernetes API is served over https only, ${example}.`;
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "") {
    return `"${endpoint}" holds more than a host and a port. Give only these, ${example}.`;
  }
  if (!/:\d+\/?$/.test(endpoint))
    return `"${endpoint}" has no port. Kubernetes API servers of Talos listen on 6443: write ${endpoint.replace(/\/$/, "")}:6443.`;
  return undefined;
}
