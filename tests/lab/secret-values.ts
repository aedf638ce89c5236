import assert from "node:assert/strict";

interface Resource {
  readonly type: string;
  readonly outputs: Record<string, unknown>;
}

/** Key that marks a secret inside a secret in an exported state; its value is a constant of Pulumi's. */
const secretSignatureKey = "4dabf18193072939515e22adb298388d";

/** Every value of a stack that must never be seen in plain: read from the state with its secrets shown. */
export function secretValuesOf(exportedWithSecrets: string): string[] {
  const { deployment } = JSON.parse(exportedWithSecrets) as {
    deployment: { resources: Resource[] };
  };
  const values = new Set<string>();
  for (const resource of deployment.resources) collect(resource.outputs, values);
  // Private keys are also looked for by a line of their PEM text, as a program that decodes them would print it.
  for (const value of [...values]) for (const line of pemLines(value)) values.add(line);
  const found = [...values].filter((value) => value.length >= 12);
  assert.ok(
    found.length > 15,
    `only ${found.length} secret values were found: the search would prove nothing`,
  );
  return found;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if ("plaintext" in value && typeof value.plaintext === "string")
    return leaves(JSON.parse(value.plaintext), into);
  for (const child of Object.values(value)) collect(child, into);
}

/** Certificates are public; whatever else is inside a secret is not. */
function leaves(value: unknown, into: Set<string>): void {
  if (typeof value === "string") into.add(value);
  else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value))
      if (key !== secretSignatureKey && !/certificate|^cert$|^ca$|hash|digest/i.test(key))
        leaves(child, into);
  }
}

function pemLines(value: string): string[] {
  const text = value.startsWith("LS0tLS1") ? Buffer.from(value, "base64").toString() : value;
  if (!text.includes("PRIVATE KEY")) return [];
  return text
    .split("\n")
    .filter((line) => line.length >= 40 && !line.includes("-----") && !line.includes(":"));
}

/** Fails when a text holds one of the values, without printing it. */
export function assertNoSecret(where: string, text: string, values: readonly string[]): void {
  const index = values.findIndex((value) => text.includes(value));
  assert.equal(index, -1, `${where} holds secret value ${index} of ${values.length} in plain`);
}
