import { isAddress } from "./addresses";
import { longestInterfaceName } from "./link-values";

/** Folder names that stand for a scope of patches: a machine cannot have one of them as its name. */
export const scopeNames = ["global", "controller", "worker"] as const;

/** What is wrong with a machine's name, or nothing. */
export function nodeNameProblem(name: string): string | undefined {
  if ((scopeNames as readonly string[]).includes(name)) {
    return `"${name}" is the name of a patch scope. Give the machine another name, for example "${name}-1".`;
  }
  return hostNameProblem(name);
}

/** What is wrong with a name that a machine has or had, or nothing. */
export function hostNameProblem(name: string): string | undefined {
  if (name.length > 63 || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    return `"${name}" cannot be a host name. Use up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.`;
  }
  return undefined;
}

/** What is wrong with a network interface's name, or nothing. */
export function interfaceNameProblem(name: string): string | undefined {
  if (name.length > longestInterfaceName)
    return `"${name}" has ${name.length} characters. The kernel gives an interface at most ${longestInterfaceName}.`;
  if (/^[^\s/:%]+$/.test(name) && name !== "." && name !== "..") return undefined;
  return `"${name}" cannot name an interface. Give its name without blanks, slashes, colons and percent signs, for example eth0.`;
}

/** What is wrong with a MAC address, or nothing. */
export function macProblem(mac: string): string | undefined {
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)) return undefined;
  return `"${mac}" is not a MAC address. Give six pairs of hexadecimal digits with colons between, for example "52:54:00:12:34:56".`;
}

/** Whether a text is a name in the DNS: labels of letters, digits and hyphens, with dots between. */
export function isDomainName(text: string): boolean {
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
  return text.length <= 253 && text.split(".").every((part) => label.test(part));
}

/** What is wrong with a server given by name or address, or nothing. */
export function hostProblem(host: string): string | undefined {
  // All digits and dots: meant as an address, and a resolver would take it for one.
  if (isAddress(host) || (isDomainName(host) && !/^[\d.]+$/.test(host))) return undefined;
  return `"${host}" is neither a host name nor an IP address. Give one of them, for example time.cloudflare.com.`;
}

/** What is wrong with a search domain, or nothing. */
export function searchDomainProblem(domain: string): string | undefined {
  if (isDomainName(domain)) return undefined;
  return `"${domain}" is not a domain. Give its name, for example home.example.`;
}

const byName = new Intl.Collator("en", { numeric: true });

/** Roll-out order of names: numbers inside them count as numbers, so that node-2 comes before node-10. */
export function compareNames(first: string, second: string): number {
  return byName.compare(first, second) || (first < second ? -1 : Number(first > second));
}
