import assert from "node:assert/strict";
import fc from "fast-check";
import { describeFailure } from "../../steps/failure";
import { maximumLineBytes, maximumOutputBytes, Output, shorten } from "../../steps/output";
import { redact } from "../../steps/redaction";

function record(secrets: readonly string[] = []) {
  let text = "";
  let now = 0;
  const output = new Output(
    (part) => (text += part),
    () => (now += 0.5),
    secrets,
  );
  return { output, text: () => text };
}

describe("step output", () => {
  it("is one line a phase, with the elapsed time", () => {
    const { output, text } = record();
    output.phase("first\nwith a line break");
    output.phase("second");
    assert.equal(text(), "[   0.5s] first; with a line break\n[   1.0s] second\n");
  });

  it("keeps every line and the whole within their limits, whatever is said, and the last word whole", () => {
    const saying = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: "binary", minLength: 1, maxLength: 20_000 }),
    );
    fc.assert(
      fc.property(fc.array(saying, { maxLength: 40 }), (phases) => {
        const { output, text } = record();
        phases.forEach((phase) => output.phase(phase));
        output.last("controller-1: the last word");
        const lines = text().split("\n");
        assert.ok(Buffer.byteLength(text()) <= maximumOutputBytes);
        assert.ok(lines.every((line) => Buffer.byteLength(line) < maximumLineBytes));
        assert.ok(text().endsWith("controller-1: the last word\n"));
      }),
    );
  });

  it("says that lines are left out, once", () => {
    const { output, text } = record();
    for (let line = 0; line < 1000; line += 1) output.phase("x".repeat(100));
    assert.equal(text().match(/left out/g)?.length, 1);
  });

  it("cuts a last word of any length", () => {
    const { output, text } = record();
    output.last(describeFailure({ what: "a ".repeat(20_000), left: "b", next: ["c"] }));
    assert.ok(Buffer.byteLength(text()) <= maximumOutputBytes);
    assert.match(text(), /\(cut\)/);
  });

  it("shortens by bytes, never in the middle of a character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 6, max: 60 }),
        (text, bytes) => {
          assert.ok(Buffer.byteLength(shorten(text, bytes)) <= bytes);
        },
      ),
    );
  });

  it("holds no known secret, in a phase or the last word", () => {
    const { output, text } = record(["LS0tLS1CRUdJTiBFRDI1"]);
    output.phase("child said LS0tLS1CRUdJTiBFRDI1 and more");
    output.last("it was LS0tLS1CRUdJTiBFRDI1");
    assert.doesNotMatch(text(), /LS0tLS1CRUdJTiBFRDI1/);
  });
});

describe("redaction", () => {
  const secrets = [
    "-----BEGIN ED25519 PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBoh1gJoCMnicTgk5CAy9L2VsLYUD91XLhaAaYwiThX+\n-----END ED25519 PRIVATE KEY-----",
    "qpbol2.xxbt7bu4ndxwy6ey",
    "key: LS0tLS1CRUdJTiBFRDI1NTE5IFBSSVZBVEUgS0VZLS0tLS0K",
    'secretboxEncryptionSecret: "abcdef0123456789="',
    "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.payload",
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJQekNCOHFBREFnRUNBaEVB",
  ];
  for (const secret of secrets) {
    it(`hides ${secret.slice(0, 24).replaceAll("\n", " ")}...`, () => {
      const value = secret
        .replace(/^(key|secretbox\w*|Authorization): ("|Bearer )?/, "")
        .replace(/"$/, "");
      assert.ok(!redact(`error near ${secret} here`).includes(value));
    });
  }

  const plain = [
    "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
    "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba:v1.13.0",
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.0.0.1:50000: connect: connection refused"',
    "talosctl --endpoints 10.0.0.11 --nodes 10.0.0.11 dmesg, services, logs kubelet",
    "https://192.168.1.10:6443/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app",
  ];
  for (const text of plain) {
    it(`leaves ${text.slice(0, 40)}... readable`, () => assert.equal(redact(text), text));
  }
});
