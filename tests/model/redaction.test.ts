import assert from "node:assert/strict";
import { documentKey } from "../../model/document-key";
import { parseMachineConfig } from "../../model/machine-config";
import { holdsSecretLeaf, redactConfig, secretPaths } from "../../model/redaction";
import { configText, madeUpConfig, madeUpDocuments114, plantedSecrets } from "./made-up-config";
import { key, markerOf } from "./redaction-samples";

const everything = parseMachineConfig(configText([...madeUpConfig, ...madeUpDocuments114]));
const planted = new Set(plantedSecrets);

/** Every scalar, with its path, of a value. */
function scalarsOf(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, child]) => scalarsOf(child, [...path, name]));
}

describe("redactConfig on the made-up config", () => {
  it("replaces every planted secret by its digest and leaves every other value as it is", () => {
    const redacted = new Map(
      scalarsOf(redactConfig(everything, { key })).map(([path, value]) => [path.join("\n"), value]),
    );
    let replaced = 0;
    for (const [document, content] of everything) {
      for (const [path, value] of scalarsOf(content)) {
        const isSecret = typeof value === "string" && planted.has(value);
        if (isSecret) replaced += 1;
        assert.equal(
          redacted.get([document, ...path].join("\n")),
          isSecret ? markerOf(value) : value,
          `${document} ${path.join(".")}`,
        );
      }
    }
    assert.equal(replaced, plantedSecrets.length);
  });

  for (const [kind, patterns] of Object.entries(secretPaths)) {
    for (const pattern of patterns) {
      it(`has a secret planted at ${kind} ${pattern}`, () => {
        const keys = pattern.split(".");
        const stands = (path: readonly string[]): boolean =>
          keys.every((each, index) => (each === "*" ? index < path.length : each === path[index]));
        const found = [...everything.values()]
          .filter((document) => documentKey(document).split("/")[0] === kind)
          .flatMap((document) => scalarsOf(document))
          .filter(([path, value]) => stands(path) && planted.has(String(value)));
        assert.ok(found.length > 0);
      });
    }
  }

  it("puts the main document first and the others in the order of their keys", () => {
    const keys = Object.keys(redactConfig([...everything].reverse(), { key }));
    assert.deepEqual(keys, ["v1alpha1", ...keys.slice(1).sort()]);
  });

  it("is the same whatever is redacted before", () => {
    const once = redactConfig(everything, { key });
    assert.deepEqual(redactConfig(Object.entries(once), { key }), once);
  });

  it("shows no digest without a key: anybody could try values out", () => {
    const text = JSON.stringify(redactConfig(everything, { key: "" }));
    assert.match(text, /"token":"\[secret\]"/);
    assert.doesNotMatch(text, /\[secret [0-9a-f]/);
  });

  it("shows a rotated secret as changed, and only that", () => {
    const rotated = configText(madeUpConfig).replace("planted-secret-000", "rotated-secret-000");
    const [before, after] = [configText(madeUpConfig), rotated].map((text) =>
      scalarsOf(redactConfig(parseMachineConfig(text), { key })),
    );
    const changed = (after ?? []).filter(([, value], index) => value !== before?.[index]?.[1]);
    assert.deepEqual(changed, [[["v1alpha1", "machine", "token"], markerOf("rotated-secret-000")]]);
  });
});

describe("holdsSecretLeaf", () => {
  for (const document of [
    { machine: { files: [{ path: "/var/a", content: "x" }] } },
    { machine: { env: { A: "${b}" } } },
    { kind: "WireguardConfig", name: "wg0", privateKey: "x" },
    { kind: "SideroLinkConfig", apiUrl: "grpc://a?jointoken=b" },
    { machine: { install: { extraKernelArgs: ["a=b", "c=http://u:p@d"] } } },
  ])
    it(`is true for ${JSON.stringify(document)}`, () => assert.ok(holdsSecretLeaf(document)));

  for (const document of [
    { machine: { files: [{ path: "/var/a" }] } },
    { machine: { env: { $patch: "delete" } } },
    { machine: { env: { A: "" }, ca: { crt: "eA==" } } },
    { kind: "WireguardConfig", name: "wg0", listenPort: "51820" },
    { machine: { sysctls: { "net.core.somaxconn": "65535" } } },
    {},
    null,
  ])
    it(`is false for ${JSON.stringify(document)}`, () => assert.ok(!holdsSecretLeaf(document)));
});
