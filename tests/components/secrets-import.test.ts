import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { importOnce } from "../../components/secrets-import";

const urn = (name: string) =>
  `urn:pulumi:test::talos-cluster::taloscluster:index:TalosCluster$talos:machine/secrets:Secrets::${name}`;
const secrets = { type: "talos:machine/secrets:Secrets", outputs: {} };

/** What becomes of the options of a cluster's secrets, given what the stack's last state holds. */
async function optionsWith(state: Record<string, object>): Promise<unknown> {
  const asked: unknown[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: () => ({ id: "id", state: {} }),
      call: ({ token, inputs }) => {
        asked.push([token, inputs]);
        return { outputs: state };
      },
    },
    "talos-cluster",
    "test",
    false,
    "organization",
  );
  const transformed = await importOnce(
    "c-secrets",
    "secrets.yaml",
  )({
    custom: true,
    type: secrets.type,
    name: "c-secrets",
    props: { talosVersion: "v1.12" },
    opts: { protect: true },
  });
  assert.deepEqual(asked, [
    ["pulumi:pulumi:readStackResourceOutputs", { stackName: "organization/talos-cluster/test" }],
  ]);
  return transformed?.opts;
}

describe("importOnce", () => {
  it("imports the bundle while the stack has no secrets of this cluster", async () => {
    const imported = { protect: true, import: "secrets.yaml" };
    assert.deepEqual(await optionsWith({}), imported);
    assert.deepEqual(await optionsWith({ [urn("other-secrets")]: secrets }), imported);
  });

  it("leaves the secrets alone that the stack has", async () =>
    assert.equal(await optionsWith({ [urn("c-secrets")]: secrets }), undefined));
});
