const hidden = "[hidden]";

/**
 * Shapes of secrets that Talos and Kubernetes print: PEM blocks, bootstrap and trustd tokens,
 * values of keys that name a secret, and long base64. Schematic ids and digests (hex) stay.
 */
const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, hidden],
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, hidden],
  [
    /\b(token|secret|password|passphrase|key|crt|ca|identity|secretbox\w*|aescbc\w*)(["']?\s*[:=]\s*["']?)[^\s"',}]{8,}/gi,
    `$1$2${hidden}`,
  ],
  [/\bBearer\s+\S+/gi, `Bearer ${hidden}`],
];

const longBase64 = /[A-Za-z0-9+/_-]{40,}={0,2}/g;

/**
 * Text that holds no secret: every known value of `secrets` and everything that looks like one is
 * replaced. Applied to all that a child process says, before it can reach an output or an error.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length >= 8) result = result.split(secret).join(hidden);
  }
  for (const [shape, replacement] of shapes) result = result.replace(shape, replacement);
  return result.replace(longBase64, (run) => (looksEncoded(run) ? hidden : run));
}

/** Whether a long run is base64 and not a path, a hex digest or a hyphenated word. */
function looksEncoded(run: string): boolean {
  if (/^[0-9a-f]+$/i.test(run)) return false;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9+_]/.test(run);
}
