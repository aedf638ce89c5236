import assert from "node:assert/strict";
import { parseDryRun, refusalOf } from "../../steps/dry-run";

const summary = (sentence: string): string =>
  `Dry run summary:\n${sentence} (skipped in dry-run).\nConfig diff:\n\n--- a\n+++ b\n+  token: abcdef.0123456789abcdef\n`;

describe("dry run of a config", () => {
  it("knows a config that is taken at once from one that reboots", () => {
    assert.deepEqual(parseDryRun(summary("Applied configuration without a reboot")), {
      kind: "immediate",
    });
    assert.deepEqual(parseDryRun(summary("Applied configuration with a reboot")), {
      kind: "reboot",
    });
  });

  it("takes what it does not understand for unknown, a sentence inside the config too", () => {
    assert.deepEqual(parseDryRun(summary("Staged configuration")), { kind: "unknown" });
    assert.deepEqual(
      parseDryRun("+ note: Applied configuration with a reboot (skipped in dry-run)."),
      { kind: "unknown" },
    );
  });

  it("keeps the machine's reasons, all of them, in one line", () =>
    assert.equal(
      refusalOf(
        "error applying new configuration: rpc error: code = InvalidArgument desc = configuration validation failed: 2 errors occurred:\n\t* install disk selector matched no disk\n\t* unknown keys found during decoding:\nmachine:\n    nope: s3cret\n\n",
        [],
      ),
      "install disk selector matched no disk; unknown keys found during decoding: machine.nope",
    ));

  it("reads lists within lists without their counts", () =>
    assert.equal(
      refusalOf(
        'rpc error: code = InvalidArgument desc = 1 error occurred:\n\t* v1alpha1.Config: 1 error occurred:\n\t* name "bad key!" is invalid\n\n',
        [],
      ),
      'v1alpha1.Config: name "bad key!" is invalid',
    ));

  it("keeps the sentence of a single reason, and hides what is secret in it", () =>
    assert.equal(
      refusalOf(
        "error applying new configuration: rpc error: code = InvalidArgument desc = static hostname is already set for my-s3cret-value\n",
        ["my-s3cret-value"],
      ),
      "static hostname is already set for [hidden]",
    ));
});
