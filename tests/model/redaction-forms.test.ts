import assert from "node:assert/strict";
import { redactConfig } from "../../model/redaction";
import { key, main, markerOf, noteOf } from "./redaction-samples";

describe("redactConfig on values that are secret wherever they stand", () => {
  const pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n";
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  for (const [what, text] of [
    ["a private key", pem],
    ["a private key in the middle of a text", `x: |\n  ${pem}`],
    ["a PGP key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nxx"],
    ["base64 of a private key", encode(pem)],
    [
      "base64 of a kubeconfig that holds one",
      encode(`apiVersion: v1\nkind: Config\nusers:\n- user: {client-key-data: ${encode(pem)}}\n`),
    ],
    ["base64 of a private key in a text", `client-key-data: ${encode(pem)}`],
    ["a URL with a password", "https://user:hunter2@example.org/path"],
    ["a proxy with a password in a list of words", "proxy=http://u:p@10.0.0.1:3128 other"],
    ["a URL with a token before its host", "https://ghp_0123456789abcdefghij@github.com/a/b"],
    ["an authorization header", "Bearer abcdefgh.ijkl"],
  ] as const) {
    it(`hides ${what}`, () => assert.equal(noteOf(text), markerOf(text)));
  }

  for (const text of [
    "https://10.0.0.1:6443",
    "ssh://git@example.org/repository",
    "registry:5000/image@sha256:0123456789abcdef0123456789abcdef",
    "https://example.org/a@b:c@d",
    encode("-----BEGIN CERTIFICATE-----\nMHcCAQEE\n-----END CERTIFICATE-----\n"),
    "-----BEGIN PUBLIC KEY-----\nMHcCAQEE\n-----END PUBLIC KEY-----\n",
    "a private key is a secret",
    "Basic authentication is off",
    "console=ttyS0 net.ifnames=0 talos.platform=metal",
    "/etc/kubernetes/token-key-file",
    "[secret 0123456789ab]",
    "",
  ]) {
    it(`keeps ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(noteOf(text), text));
  }

  for (const [text, secret, shown] of [
    [
      "grpc://omni.example.org?jointoken=v1:abc=&x=1",
      "v1:abc=",
      "grpc://omni.example.org?jointoken=*&x=1",
    ],
    [
      "siderolink.api=https://a:8090/?jointoken=abcdef",
      "abcdef",
      "siderolink.api=https://a:8090/?jointoken=*",
    ],
    [
      "https://b.example.org/a?X-Amz-Date=1&X-Amz-Signature=f00",
      "f00",
      "https://b.example.org/a?X-Amz-Date=1&X-Amz-Signature=*",
    ],
    ["--token=abc --address=0.0.0.0", "abc", "--token=* --address=0.0.0.0"],
    ["DB_PASSWORD=a?b&c", "a?b&c", "DB_PASSWORD=*"],
  ] as const) {
    it(`hides only the secret part of ${shown}`, () => {
      const expected = shown.replace("*", markerOf(secret));
      assert.equal(noteOf(text), expected);
      assert.equal(noteOf(expected), expected, "a second time");
    });
  }

  it("hides what is named for a secret, in documents of unknown kinds too", () => {
    const document = {
      kind: "FutureConfig",
      apiToken: "a",
      password: 1234,
      tokens: ["kept"],
      token: ["b"],
      automountServiceAccountToken: false,
      tokenExpirationSeconds: 3600,
      secretRef: { name: "kept" },
      env: [
        { name: "DB_PASSWORD", value: "c" },
        { name: "DB_HOST", value: "kept" },
      ],
    };
    assert.deepEqual(redactConfig([["FutureConfig", document]], { key }).FutureConfig, {
      ...document,
      apiToken: markerOf("a"),
      password: markerOf("1234"),
      token: [markerOf("b")],
      env: [
        { name: "DB_PASSWORD", value: markerOf("c") },
        { name: "DB_HOST", value: "kept" },
      ],
    });
  });

  it("takes no long over a text made to be slow", () => {
    const started = process.cpuUsage();
    for (const text of [
      ":".repeat(50_000),
      "://".repeat(20_000),
      "a=".repeat(25_000),
      "?a".repeat(25_000),
      "LS0tLS1CRUdJTi".repeat(4_000),
      "-----BEGIN ".repeat(5_000),
    ])
      noteOf(text);
    const { user } = process.cpuUsage(started);
    assert.ok(user < 2_000_000, `${user / 1000} ms`);
  });
});

describe("redactConfig with known values", () => {
  const secret = "correct horse/battery+staple";
  for (const [what, text] of [
    ["as it is", `before ${secret} after`],
    ["in JSON", JSON.stringify({ a: `${secret}"` })],
    ["in a URL", `a=${encodeURIComponent(secret)}`],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 after one byte", Buffer.from(`x${secret}yz`).toString("base64")],
    ["in base64 after two bytes", Buffer.from(`xx${secret}y`).toString("base64")],
    ["in the base64 of URLs", Buffer.from(`?>${secret}`).toString("base64url")],
  ] as const) {
    it(`hides a text that holds one ${what}`, () =>
      assert.equal(noteOf(text, { secretValues: [secret] }), markerOf(text)));
  }

  it("finds the lines of a value of several lines, indented elsewhere", () => {
    const value = "first line of the key\nsecond line of the key\n";
    const text = "data:\n    second line of the key\n";
    assert.equal(noteOf(text, { secretValues: [value] }), markerOf(text));
  });

  it("finds a short one as a word, and leaves those under four characters to their places", () => {
    const options = { secretValues: ["auto", "abc"] };
    assert.equal(noteOf("pin=auto", options), markerOf("pin=auto"));
    for (const text of ["automatic", "abc", "x abc"]) assert.equal(noteOf(text, options), text);
  });

  it("finds a number and a key", () => {
    assert.equal(noteOf(123456789, { secretValues: ["123456789"] }), markerOf("123456789"));
    const labels = main({ machine: { nodeLabels: { "a/hunter2hunter2": "b" } } });
    assert.deepEqual(redactConfig(labels, { key, secretValues: ["hunter2hunter2"] }), {
      v1alpha1: { machine: { nodeLabels: { [markerOf("a/hunter2hunter2")]: "b" } } },
    });
  });
});
