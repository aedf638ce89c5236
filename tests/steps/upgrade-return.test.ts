import assert from "node:assert/strict";
import {
  judgeReturn,
  type CallState,
  type ExpectedReturn,
  type ReturnObservation,
  type ReturnVerdict,
} from "../../steps/return-decision";
import { ours, unreachable } from "./observations";

const wanted = { talosVersion: "v1.13.0", installerImage: "registry/installer:v1.13.0" };
const image = { talosVersion: "v1.13.0", extensions: ["iscsi-tools"] };
const old = { talosVersion: "v1.12.1", extensions: [] };
const ready = { ready: true as const, summary: "stage running" };
const missing = { ready: false as const, missing: ["service etcd is Preparing"] };
const running: CallState = { kind: "running" };
const ended: CallState = { kind: "ended", ok: true, said: "", forSeconds: 1 };
const failed = (forSeconds: number, said = "the installer ended with exit code 1"): CallState => ({
  kind: "ended",
  ok: false,
  said,
  forSeconds,
});
const expected: ExpectedReturn = { bootIdBefore: "1", wanted };
const back: ReturnObservation = {
  state: ours(),
  bootId: "2",
  image,
  readiness: ready,
  call: ended,
};

const table: [string, ReturnObservation, ExpectedReturn, ReturnVerdict["kind"], RegExp?][] = [
  [
    "is back and well",
    back,
    expected,
    "back",
    /Talos v1\.13\.0, extensions iscsi-tools, stage running/,
  ],
  [
    "is back before talosctl knows: no Node is ever Ready without a network plugin",
    { ...back, call: running },
    expected,
    "back",
  ],
  ["is away", { state: unreachable, call: running }, expected, "waiting", /no answer in time/],
  [
    "is still as it was, and the call goes on",
    { ...back, bootId: "1", image: old, call: running },
    expected,
    "waiting",
    /not restarted yet/,
  ],
  [
    "is still as it was, just after the call failed",
    { ...back, bootId: "1", image: old, call: failed(1) },
    expected,
    "waiting",
  ],
  [
    "never restarted, and the call failed",
    { ...back, bootId: "1", image: old, call: failed(9) },
    expected,
    "not-restarted",
    /exit code 1/,
  ],
  [
    "is about to restart by itself, since its own sequence failed",
    { ...back, bootId: "1", image: old, call: failed(15, "error: sequence failed: exit code 1") },
    expected,
    "waiting",
  ],
  [
    "failed in its own sequence and does not restart for it",
    { ...back, bootId: "1", image: old, call: failed(31, "error: sequence failed: exit code 1") },
    expected,
    "not-restarted",
  ],
  [
    "is on its way, although the call failed",
    { ...back, state: ours("rebooting"), bootId: "1", image: old, call: failed(9) },
    expected,
    "waiting",
  ],
  ["restarted, and the call failed", { ...back, call: failed(9) }, expected, "back"],
  [
    "restarted into what it ran before",
    { ...back, image: old },
    expected,
    "fell-back",
    /Talos v1\.12\.1/,
  ],
  [
    "restarted into what it ran before, and is not up",
    { ...back, image: old, readiness: missing },
    expected,
    "fell-back",
  ],
  [
    "is back and not well yet",
    { ...back, readiness: missing },
    expected,
    "waiting",
    /etcd is Preparing/,
  ],
  ["does not tell its version yet", { ...back, image: undefined }, expected, "waiting"],
  ["does not tell its boot: the version decides", { ...back, bootId: undefined }, expected, "back"],
  [
    "does not tell its boot, and runs the old version",
    { ...back, bootId: undefined, image: old, call: running },
    expected,
    "waiting",
  ],
  [
    "was restarted by an earlier run",
    { ...back, bootId: undefined, call: { kind: "unknown" } },
    { wanted },
    "back",
  ],
  [
    "was restarted by an earlier run, and falls back",
    { ...back, bootId: undefined, image: old, call: { kind: "unknown" } },
    { wanted },
    "fell-back",
  ],
  [
    "has no cluster: being up is all",
    { ...back, state: ours("booting"), readiness: missing },
    { ...expected, onlyUp: true },
    "back",
  ],
  ["was only rebooted", back, { bootIdBefore: "1" }, "back"],
  [
    "was only rebooted, and is not away yet",
    { ...back, bootId: "1" },
    { bootIdBefore: "1" },
    "waiting",
  ],
];

describe("judgeReturn, of a machine that", () => {
  for (const [name, seen, how, kind, words] of table) {
    it(name, () => {
      const verdict = judgeReturn(seen, how);
      assert.equal(verdict.kind, kind, JSON.stringify(verdict));
      if (words !== undefined) assert.match(JSON.stringify(verdict), words);
    });
  }
});
