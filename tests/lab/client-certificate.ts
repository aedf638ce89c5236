import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rehearsal } from "./rehearsal";

/** An exported secret, or a value in plain. */
type Stored = string | { plaintext: string };

interface StoredSecrets {
  readonly type: string;
  readonly outputs: {
    readonly clientConfiguration: { clientCertificate: string; clientKey: Stored };
    readonly machineSecrets: {
      readonly certs: { readonly os: { readonly cert: string; readonly key: Stored } };
    };
  };
}

/**
 * Puts a client certificate that ends in so many days into the state of the cluster's secrets, made by the cluster's authority: what a
 * stack holds that was left alone for a year.
 */
export async function storeClientCertificate(rehearsal: Rehearsal, days: number): Promise<void> {
  const { directory } = rehearsal.project;
  const exported = JSON.parse(await rehearsal.exportState("--show-secrets")) as {
    readonly deployment: { readonly resources: readonly StoredSecrets[] };
  };
  const secrets = exported.deployment.resources.find(
    ({ type }) => type === "talos:machine/secrets:Secrets",
  );
  assert.ok(secrets);
  const { cert, key } = secrets.outputs.machineSecrets.certs.os;
  const write = (name: string, encoded: string) =>
    writeFileSync(join(directory, name), Buffer.from(encoded, "base64"), { mode: 0o600 });
  write("authority.crt", cert);
  write("authority.key", plain(key));
  await generate(rehearsal, "key", "--name", "client");
  await generate(
    rehearsal,
    ...["csr", "--key", "client.key", "--ip", "127.0.0.1", "--roles", "os:admin"],
  );
  const by = ["--ca", "authority", "--csr", "client.csr", "--name", "client"];
  await generate(rehearsal, "crt", ...by, "--hours", String(days * 24));

  const read = (name: string) => readFileSync(join(directory, name)).toString("base64");
  const client = secrets.outputs.clientConfiguration;
  client.clientCertificate = read("client.crt");
  client.clientKey = replaced(client.clientKey, read("client.key"));
  writeFileSync(join(directory, "state.json"), JSON.stringify(exported), { mode: 0o600 });
  const words = ["stack", "import", "--stack", "lab", "--file", "state.json"];
  const { code, output } = await rehearsal.project.pulumi(words);
  assert.equal(code, 0, output);
}

async function generate(rehearsal: Rehearsal, ...words: string[]): Promise<void> {
  const { code, output } = await rehearsal.project.run("talosctl", ["gen", ...words, "--force"]);
  assert.equal(code, 0, output);
}

function plain(stored: Stored): string {
  return typeof stored === "string" ? stored : (JSON.parse(stored.plaintext) as string);
}

function replaced(stored: Stored, value: string): Stored {
  return typeof stored === "string" ? value : { ...stored, plaintext: JSON.stringify(value) };
}
