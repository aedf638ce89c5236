import assert from "node:assert/strict";
import { stringify } from "yaml";
import { secretsBundleProblem } from "../../model/check-secrets-bundle";

const pair = { crt: "Y2VydA==", key: "a2V5" };
const bundle = {
  cluster: { id: "id", secret: "s3cret" },
  secrets: { bootstraptoken: "abc.def", secretboxencryptionsecret: "box" },
  trustdinfo: { token: "t.t" },
  certs: {
    etcd: pair,
    k8s: pair,
    k8saggregator: pair,
    k8sserviceaccount: { key: "a2V5" },
    os: pair,
  },
};

const cases: [string, string, string | undefined][] = [
  ["a whole bundle", stringify(bundle), undefined],
  ["a whole bundle in JSON", JSON.stringify(bundle), undefined],
  ["an empty file", "", "is no secrets bundle. Give the file that talosctl gen secrets writes."],
  [
    "a file of something else",
    "a: s3cret",
    "is no secrets bundle. Give the file that talosctl gen secrets writes.",
  ],
  [
    "a file that is no YAML, with no word of it",
    "cluster: {id: [s3cret",
    "is not YAML. Give the file that talosctl gen secrets writes.",
  ],
  [
    "a bundle without the authority of Talos",
    stringify({ ...bundle, certs: { ...bundle.certs, os: { crt: "Y2VydA==", key: "" } } }),
    "lacks certs.os.key. Give the whole file that talosctl gen secrets writes.",
  ],
  [
    "a bundle that sops encrypted",
    stringify({ ...bundle, sops: { version: "3.9.0" } }),
    "is encrypted with sops. Decrypt it first: sops --decrypt <file> > secrets.yaml; the plaintext belongs into no repository.",
  ],
  [
    "a machine config",
    "version: v1alpha1\nmachine: {token: s3cret}\ncluster: {id: a, secret: s3cret}\n",
    "is a machine config. Make a bundle of it: talosctl gen secrets --from-controlplane-config <file>.",
  ],
];

describe("secretsBundleProblem", () => {
  for (const [what, text, expected] of cases)
    it(`${expected === undefined ? "accepts" : "refuses"} ${what}`, () => {
      const problem = secretsBundleProblem(text);
      assert.equal(problem, expected);
      assert.doesNotMatch(problem ?? "", /s3cret/);
    });
});
