import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { configText } from "../../model/config-text";

describe("configText", () => {
  const main = { version: "v1alpha1", machine: { sysctls: { "vm.max_map_count": "262144" } } };
  const hostname = {
    apiVersion: "v1alpha1",
    kind: "HostnameConfig",
    auto: "off",
    hostname: "cp-1",
  };

  it("writes the documents in their order, as they are", () => {
    const text = configText({ v1alpha1: main, HostnameConfig: hostname });
    assert.deepEqual(
      [...parseAllDocuments(text)].map((document) => document.toJS() as unknown),
      [main, hostname],
    );
  });

  // Pulumi decodes a text that is one YAML document, and then prints all of it for one change.
  it("is never a single document, not even when there is only one", () =>
    assert.equal([...parseAllDocuments(configText({ v1alpha1: main }))].length, 2));
});
