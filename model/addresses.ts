import ipaddr from "ipaddr.js";

/** What is wrong with a machine's address, or nothing. */
export function addressProblem(address: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)) return undefined;
  const withoutMask = address.replace(/\/\d+$/, "");
  if (withoutMask !== address && ipaddr.isValid(withoutMask)) {
    return `"${address}" has a mask. Give the address alone: ${withoutMask}.`;
  }
  return `"${address}" is not an IP address. Give IPv4 or IPv6 without a mask, for example "192.168.1.10".`;
}

/** One spelling for an address, so that two spellings of one IPv6 address are seen to be the same. */
export function canonicalAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
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
