import assert from "node:assert/strict";
import fc from "fast-check";
import { isEmptyListing, parseAlarms, parseMembers } from "../../steps/etcd";
import { imageTag } from "../../steps/machine-facts";
import { classify, summarize, type TalosctlErrorKind } from "../../steps/talosctl-error";
import { parseResources, parseTable } from "../../steps/talosctl-output";
import * as recorded from "./recorded";

describe("talosctl errors", () => {
  const table: [keyof typeof recorded, TalosctlErrorKind, string][] = [
    [
      "unknownAuthority",
      "untrusted",
      "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority",
    ],
    ["wrongAuthority", "untrusted", ""],
    [
      "certificateRequired",
      "certificate-required",
      "error reading server preface: remote error: tls: certificate required",
    ],
    ["brokenPipe", "broken", "write tcp 10.231.0.1:50246->10.231.0.11:50000: write: broken pipe"],
    [
      "refused",
      "refused",
      "transport: Error while dialing: dial tcp 127.0.60.9:50000: connect: connection refused",
    ],
    [
      "noRoute",
      "refused",
      "transport: Error while dialing: dial tcp 10.231.0.99:50000: connect: no route to host",
    ],
    ["alreadyExists", "already-exists", "etcd data directory is not empty"],
    ["notAvailableYet", "failed-precondition", "bootstrap is not available yet"],
    ["notAuthorized", "permission-denied", "not authorized"],
    ["onlyOnControllers", "unimplemented", "member list is only available on control plane nodes"],
    ["notRegistered", "not-found", 'resource "unknownthing" is not registered'],
  ];
  for (const [name, kind, summary] of table) {
    it(`${name}: ${kind}`, () => {
      const text = recorded[name] as string;
      assert.equal(classify(text), kind);
      if (summary !== "") assert.equal(summarize(text), summary);
    });
  }

  it("tells a certificate without the address from one of another CA", () => {
    const text =
      'connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate is valid for 10.0.0.11, not 10.0.0.99"';
    assert.equal(classify(text), "unnamed");
  });

  it("passes over talosctl's own warnings", () => {
    const text = `WARNING: 10.0.0.1: server version 1.12.0 is older than client version 1.13.0\n${recorded.refused}`;
    assert.match(summarize(text), /connection refused$/);
  });
});

describe("talosctl answers", () => {
  it("reads JSON objects printed one after another", () => {
    const resource = fc.record({
      metadata: fc.record({ id: fc.string() }),
      node: fc.string(),
      spec: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(resource), fc.constantFrom(undefined, 4), (resources, indent) => {
        const text = resources.map((one) => `${JSON.stringify(one, undefined, indent)}\n`).join("");
        assert.deepEqual(parseResources(text), JSON.parse(JSON.stringify(resources)));
      }),
    );
  });

  it("reads the member list of a controller", () => {
    const members =
      parseMembers(`NODE          ID                 HOSTNAME   PEER URLS                                            CLIENT URLS                LEARNER
10.231.0.11   c63cc74e1f10ec8a   cp1        https://10.231.0.11:2380                             https://10.231.0.11:2379   false
10.231.0.11   0a3cc74e1f10ec8b              https://10.231.0.12:2380,https://[fd00::12]:2380                                true
`);
    assert.deepEqual(members, [
      { id: "c63cc74e1f10ec8a", hostname: "cp1", addresses: ["10.231.0.11"], learner: false },
      {
        id: "0a3cc74e1f10ec8b",
        hostname: "",
        addresses: ["10.231.0.12", "fd00::12"],
        learner: true,
      },
    ]);
  });

  it("reads the member list a node without a name in the reply prints", () => {
    const members = parseMembers(
      "ID                 HOSTNAME   PEER URLS                  CLIENT URLS                LEARNER\nc63cc74e1f10ec8a   cp1        https://10.231.0.11:2380   https://10.231.0.11:2379   false\n",
    );
    assert.deepEqual(
      members.map(({ id, learner }) => [id, learner]),
      [["c63cc74e1f10ec8a", false]],
    );
  });

  it("reads alarms, and no alarm", () => {
    assert.deepEqual(
      parseAlarms("NODE        MEMBER             ALARM\n10.0.0.11   c63cc74e1f10ec8a   NOSPACE\n"),
      ["NOSPACE on member c63cc74e1f10ec8a"],
    );
    assert.deepEqual(parseAlarms(""), []);
  });

  it("keeps empty cells in their column", () => {
    assert.deepEqual(parseTable("A      B   C D\none        last one\n"), [
      { A: "one", B: "", "C D": "last one" },
    ]);
  });

  it("tells an empty data directory from one that holds data", () => {
    assert.ok(isEmptyListing("NODE          NAME\n10.231.0.15   .\n"));
    assert.ok(!isEmptyListing("NODE          NAME\n10.231.0.11   .\n10.231.0.11   member\n"));
    assert.ok(isEmptyListing(".\nNODE   NAME\n"));
    assert.ok(!isEmptyListing(".\nmember\nNODE   NAME\n"));
  });

  it("reads the tag of an image", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    assert.equal(imageTag("ghcr.io/siderolabs/kubelet:v1.35.3"), "v1.35.3");
    assert.equal(imageTag(`registry.example:5000/kubelet:v1.35.3@${digest}`), "v1.35.3");
    assert.equal(imageTag("registry.example:5000/kubelet"), undefined);
    assert.equal(imageTag(`registry.example/kubelet@${digest}`), undefined);
    assert.equal(imageTag(undefined), undefined);
  });
});
