import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { parseMachineConfig } from "../../model/machine-config";
import { redactConfig } from "../../model/redaction";
import { configText, madeUpConfig } from "../model/made-up-config";

const program = join(__dirname, "../../.tools/bin/talosctl");
const talosctl = (...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

interface Leaf {
  readonly path: string;
  readonly value: string;
}

function leavesOf(value: unknown, path = ""): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value: String(value) }];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, `${path}.${key}`));
}

/** Every value of a secrets bundle but its certificates, and private keys line by line, as PEM holds them. */
function secretsOf(bundle: unknown): string[] {
  const values = leavesOf(bundle)
    .filter(({ path }) => !path.endsWith(".crt"))
    .map(({ value }) => value);
  const lines = values
    .map((value) => Buffer.from(value, "base64").toString())
    .filter((text) => text.includes("PRIVATE KEY"))
    .flatMap((text) => text.split("\n").filter((line) => line !== "" && !line.startsWith("-----")));
  return [...values, ...lines];
}

describe("redaction of real configs", function () {
  this.timeout(60_000);
  let directory: string;
  let bundle: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "redaction-"));
    bundle = join(directory, "secrets.yaml");
    talosctl("gen", "secrets", "-o", bundle);
  });
  after(() => rmSync(directory, { recursive: true }));

  for (const contract of ["v1.8", "v1.11", "v1.12", "v1.13"]) {
    for (const type of ["controlplane", "worker"]) {
      it(`leaves no value of the secrets bundle in a ${type}'s config of contract ${contract}`, () => {
        const output = join(directory, `${contract}-${type}.yaml`);
        talosctl(
          ...["gen", "config", "redacted", "https://10.0.0.10:6443", "--with-secrets", bundle],
          ...["--talos-version", contract, "--with-docs=false", "--with-examples=false"],
          ...["-t", type, "-o", output],
        );
        const text = readFileSync(output, "utf8");
        const redacted = JSON.stringify(redactConfig(parseMachineConfig(text), { key: "key" }));
        const secrets = secretsOf(parse(readFileSync(bundle, "utf8")));
        const found = secrets.filter((secret) => text.includes(secret));
        assert.ok(found.length >= (type === "worker" ? 4 : 10), `${found.length} in plain`);
        for (const [index, secret] of secrets.entries())
          assert.ok(!redacted.includes(secret), `value ${index} of the bundle`);
      });
    }
  }

  it("is planted in fields that Talos has", () => {
    const path = join(directory, "made-up.yaml");
    writeFileSync(path, configText(madeUpConfig));
    const { stderr } = spawnSync(program, ["validate", "--config", path, "--mode", "metal"], {
      encoding: "utf8",
    });
    // Talos validates what it could decode: its complaints about values show that it knows every key.
    assert.match(stderr, /errors occurred/);
    assert.doesNotMatch(stderr, /unknown keys|not registered|decoding/);
  });
});
