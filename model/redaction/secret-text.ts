import { createHmac } from "node:crypto";

const markerForm = "\\[secret(?: [0-9a-f]{12})?\\]";
const wholeMarker = new RegExp(`^${markerForm}$`);
const markers = new RegExp(markerForm, "g");

/**
 * What makes the text that stands in place of a secret: `[secret <digest>]`, of the value alone.
 *
 * Without a key it is `[secret]`: anybody could try values out against a digest that needs none.
 */
export function markerWith(key: string): (value: string) => string {
  if (key === "") return () => "[secret]";
  if (markersMade.key !== key) markersMade = { key, byValue: new Map() };
  const { byValue } = markersMade;
  return (value) => {
    const known = byValue.get(value);
    if (known !== undefined) return known;
    if (byValue.size >= markersKept) byValue.clear();
    const digest = createHmac("sha256", key).update(value).digest("hex");
    const made = `[secret ${digest.slice(0, 12)}]`;
    byValue.set(value, made);
    return made;
  };
}

/** Machines of a cluster share most secrets, and the digest is half the work of a redaction. */
const markersKept = 4096;
let markersMade = { key: "", byValue: new Map<string, string>() };

/** Whether a text is what stands in place of a secret. */
export function isMarker(text: string): boolean {
  return text.startsWith("[secret") && wholeMarker.test(text);
}

/** A text without what stands in place of secrets, so that a known value is not found in it. */
export function withoutMarkers(text: string): string {
  return text.includes("[secret") ? text.replace(markers, "") : text;
}

const secretName =
  /(?:password|passwd|passphrase|token|secret|signature|(?:private|preshared|api|access|secret|auth|encryption|signing|shared)[-_.]?key)$/i;

/** Whether a key, variable or query parameter is named for a secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name);
}

const userInfo = /:\/\/(?:[^\s/?#@:]*:[^\s/?#@]+|[^\s/?#@:]{20,})@/;
const authorization = /^(?:Bearer|Basic)\s+[\w+/.~-]{8,}=*$/i;

/**
 * Whether a text is a secret wherever it stands: a private key (in base64 too, and in base64 of that), a URL with
 * a password or a token before its host, or an authorization header.
 */
export function looksSecret(text: string): boolean {
  if (text.length < 8) return false;
  if (text.includes("://") && userInfo.test(text)) return true;
  return authorization.test(text) || holdsPrivateKey(text, 3);
}

const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
/** Base64 of `-----BEGIN `, however much text stands before it. */
const encodedPem = /LS0tLS1CRUdJTi[A-Za-z0-9+/]*/g;
const onlyBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

function holdsPrivateKey(text: string, depth: number): boolean {
  if (text.length < 32) return false;
  if (text.includes("-----BEGIN ") && privateKey.test(text)) return true;
  if (depth === 0) return false;
  if (text.includes("LS0tLS1CRUdJTi")) {
    for (const [run] of text.matchAll(encodedPem))
      if (holdsPrivateKey(decoded(run), depth - 1)) return true;
  }
  return text.length >= 64 && onlyBase64.test(text) && holdsPrivateKey(decoded(text), depth - 1);
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

const queryPart = new RegExp(`([?&])([\\w.-]+)=(${markerForm}|[^&\\s#"']+)`, "g");
const flag = new RegExp(`(^|\\s)([\\w.-]+)=(${markerForm}|\\S+)`, "g");

/**
 * A text with the values of secret query parameters (`?jointoken=`) and flags (`--token=`) replaced, and the rest
 * kept: the host a machine joins and the other kernel arguments are what people look for.
 */
export function replaceAssignments(text: string, hide: (value: string) => string): string {
  if (!text.includes("=")) return text;
  const replace = (whole: string, before: string, name: string, value: string): string =>
    namesSecret(name) ? `${before}${name}=${isMarker(value) ? value : hide(value)}` : whole;
  return text.replace(queryPart, replace).replace(flag, replace);
}
