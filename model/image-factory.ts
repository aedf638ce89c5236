import { defaultImageFactoryUrl } from "./defaults";

/** Where boot and installer images come from, by what is fetched. */
export interface ImageFactory {
  /** URL without a slash at its end; ISO and disk images are below it. */
  readonly url: string;
  /** Start of installer references: `host[:port][/path]`. A path serves a registry that mirrors the factory. */
  readonly registry: string;
  /** URL that iPXE scripts are below. */
  readonly pxeUrl: string;
  /** Whether it is the public one, which knows the empty schematic from the start. */
  readonly isPublic: boolean;
}

/** The image factory at a URL; the public one when none is given. Any text is taken: see imageFactoryProblem. */
export function imageFactoryOf(given: string = defaultImageFactoryUrl): ImageFactory {
  const url = given.replace(/\/+$/, "");
  const registry = url.replace(/^[a-z]+:\/\//i, "");
  const isPublic = url === defaultImageFactoryUrl;
  // Only the public factory has a host of its own for iPXE; another one serves scripts at its own URL unless it is told otherwise.
  const pxeUrl = isPublic ? `https://pxe.${registry}` : url;
  return { url, registry, pxeUrl, isPublic };
}

const example = `Give the URL of an image factory, for example ${defaultImageFactoryUrl}.`;

/** What is wrong with the URL of an image factory, if anything. */
export function imageFactoryProblem(url: string): string | undefined {
  if (url === "") return `is empty. ${example}`;
  const place = url.replace(/^[a-z][a-z\d+.-]*:\/\//i, "");
  if (/^([^/]*@)?ghcr\.io(:\d+)?(\/|$)/i.test(place)) return oldRegistryText(place);
  if (place === url) return bareText(url);
  if (!/^https?:\/\//i.test(url))
    return `"${withoutLogin(url)}" is neither http nor https. ${example}`;
  return partProblem(url);
}

function partProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return `"${withoutLogin(url)}" is not a URL. ${example}`;
  const parsed = new URL(url);
  // What stands before the @ or behind the ? can be a password or a token: it is not shown.
  if (
    parsed.username !== "" ||
    parsed.password !== "" ||
    parsed.search !== "" ||
    parsed.hash !== ""
  ) {
    const clean = `${parsed.protocol}//${parsed.host}${parsed.pathname}`.replace(/\/+$/, "");
    const part =
      parsed.search === "" && parsed.hash === ""
        ? "a user name or password"
        : "more than host, port and path";
    return `holds ${part}, and everything in it becomes part of machine configs. Give only ${clean}.`;
  }
  if (!/^(\/[a-z\d]+([._-]+[a-z\d]+)*)*\/?$/.test(parsed.pathname)) {
    return `"${url}" has a path that no image reference can hold. Use a path of lower-case letters, digits, dots, hyphens and slashes.`;
  }
  return undefined;
}

function oldRegistryText(place: string): string {
  return `"${withoutLogin(place)}" is the old installer registry: it serves no schematics, and no installer at all from Talos 1.14. ${example}`;
}

function bareText(url: string): string {
  const candidate = `https://${url}`;
  return url.includes(" ") || partProblem(candidate) !== undefined
    ? `"${withoutLogin(url)}" is not a URL. ${example}`
    : `"${url}" lacks its scheme. Write ${candidate}.`;
}

function withoutLogin(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?[^/]*@/i, "$1").replace(/[?#].*$/s, "");
}
