import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { documentKey, mainDocumentKey } from "../../model/document-key";
import { nodeSpec } from "../model/node-spec";
import { contracts, newestKubernetes } from "./contracts";
import { everything, features } from "./features";
import { requestOf, startRenderCheck, type RenderCheck, type RenderRequest } from "./render-check";

const roles = ["controller", "worker"] as const;

/** Fields of the machine section whose place documents take, by the kind of the document. */
const twice: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^HostnameConfig/, ["network", "hostname"]],
  [/^(?:Link|Bond|Bridge|VLAN|DHCPv4|Layer2VIP)/, ["network", "interfaces"]],
  [/^ResolverConfig/, ["network", "nameservers"]],
  [/^ResolverConfig/, ["network", "searchDomains"]],
  [/^TimeSyncConfig/, ["time"]],
  [/^VolumeConfig/, ["systemDiskEncryption"]],
];

describe("every contract, role and feature", function () {
  this.timeout(120_000);
  let check: RenderCheck;
  before(async () => (check = await startRenderCheck()));
  after(() => check.stop());

  async function rendered(request: RenderRequest): Promise<string> {
    const { ok, error, config = "" } = await check.render(request);
    assert.ok(ok, `${error}\n${request.patches.join("---\n")}`);
    return config;
  }

  for (const each of contracts) {
    for (const role of roles) {
      describe(`${each.contract}, ${role}`, () => {
        const fitting = features.filter(({ only }) => only === undefined || only === role);
        for (const { name, facts, shown } of fitting) {
          it(`says ${name}`, async () => {
            const request = requestOf(
              nodeSpec({ role, ...facts }),
              each.contract,
              newestKubernetes(each),
            );
            const config = await rendered(request);
            for (const text of shown) assert.ok(config.includes(text), `${text} is not shown`);
            assertStatedOnce(config);
          });
        }

        for (const kubernetes of each.kubernetes) {
          it(`says everything with Kubernetes ${kubernetes}`, async () => {
            const node = nodeSpec({ role, ...everything(role) });
            const config = await rendered(requestOf(node, each.contract, kubernetes));
            const ofLinks = fitting.filter(({ facts }) => facts.networkInterfaces !== undefined);
            for (const text of ofLinks.flatMap(({ shown }) => shown))
              assert.ok(config.includes(text), `${text} is not shown`);
            assert.ok(config.includes(`kubelet:${kubernetes}`));
            assertStatedOnce(config);
          });
        }
      });
    }
  }

  it("would fail for a config that Talos refuses, and for one it warns of", async () => {
    const asked = { role: "worker", contract: "v1.13", kubernetes: "v1.36.0" } as const;
    const bond = {
      apiVersion: "v1alpha1",
      kind: "BondConfig",
      name: "b",
      links: ["a"],
      bondMode: "802.3ad",
    };
    const answers = await Promise.all(
      [
        "machine:\n  network:\n    hostname: a\n",
        JSON.stringify(bond),
        "machine:\n  nothing: 1\n",
      ].map((patch) => check.render({ ...asked, patches: [patch] })),
    );
    assert.deepEqual(
      answers.map(({ ok }) => ok),
      [false, false, false],
    );
    assert.match(answers[0]?.error ?? "", /static hostname is already set/);
    assert.match(answers[1]?.error ?? "", /miimon was not specified for 802.3ad bond/);
    assert.match(answers[2]?.error ?? "", /unknown keys found/);
  });
});

/** No fact stands in both of its forms, and none is left to the plugin. */
function assertStatedOnce(config: string): void {
  const documents = parseAllDocuments(config).map((document) => document.toJS() as unknown);
  const keys = documents.map(documentKey);
  const main = documents[keys.indexOf(mainDocumentKey)] as {
    readonly machine: Record<string, Record<string, unknown>>;
  };
  for (const [kind, path] of twice) {
    const field = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      main.machine,
    );
    assert.ok(
      field === undefined || !keys.some((key) => kind.test(key)),
      `${kind} and ${path.join(".")}`,
    );
  }
  const install = main.machine.install ?? {};
  assert.equal(["disk", "diskSelector"].filter((key) => install[key] !== undefined).length, 1);
  assert.match(String(install.image), /^factory\.example\//);
}
