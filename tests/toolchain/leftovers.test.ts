import assert from "node:assert/strict";
import { isLeftover } from "../../scripts/lab/leftovers";

describe("processes a lab left behind", () => {
  const lab = "/work/.lab";
  const cases: [string, string[], boolean][] = [
    ["the lab itself", ["/cache/talos-lab", "serve", "--directory", lab], true],
    ["its etcd", ["/cache/etcd", "--data-dir", `${lab}/machines/1/etcd`], true],
    ["its API server, flag and value in one", ["/cache/kube-apiserver", `--x=${lab}/pki/a`], true],
    ["that of a lab with a longer name", ["/cache/etcd", `--data-dir=${lab}-two/etcd`], false],
    ["that of a lab elsewhere", ["/cache/etcd", "--data-dir", "/other/.lab/etcd"], false],
    ["somebody's editor", ["vi", `${lab}/lab.log`], false],
    ["a program whose name only ends alike", ["/bin/my-etcd", `${lab}/x`], false],
    ["a process that is gone", [""], false],
  ];
  for (const [what, words, expected] of cases)
    it(`${expected ? "are" : "are not"} ${what}`, () =>
      assert.equal(isLeftover(words, lab), expected));
});
