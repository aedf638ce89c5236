import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { checkPatches } from "../../steps/check-patches";

describe("documents before the plugin reads them", function () {
  this.timeout(60_000);
  const path = process.env.PATH;
  before(() => {
    process.env.PATH = [join(__dirname, "../../.tools/bin"), path ?? ""].join(delimiter);
  });
  after(() => {
    process.env.PATH = path;
  });
  const sound = { path: "a.yaml", text: 'machine:\n  sysctls:\n    a: "1"\n' };

  it("are all well when Talos's own parser takes them, however many", async () =>
    assert.deepEqual(await checkPatches(Array.from({ length: 150 }, () => sound)), []));

  it("are named with the key when it does not, and never with a value", async () => {
    const bad = {
      path: "patches/worker/files.yaml",
      text: "machine:\n  files:\n    - path: /var/x\n      op: create\n      contnet: |-\n        user: s3cret-one\n        s3cret-two\n",
    };
    const wrong = { path: "b.yaml", text: "machine:\n  time:\n    bootTimeout: s3cret\n" };
    assert.deepEqual(await checkPatches([sound, bad, sound, wrong]), [
      {
        path: "patches/worker/files.yaml",
        text: "machine.files.contnet is a key that Talos does not know. Correct the spelling, or the place.",
      },
      { path: "b.yaml", text: "bootTimeout wants time.Duration. Give a value of that kind." },
    ]);
  });

  it("are left to the plugin when only the merge fails: that depends on the machine", async () =>
    assert.deepEqual(
      await checkPatches([
        { path: "d.yaml", text: "apiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n" },
      ]),
      [],
    ));
});
