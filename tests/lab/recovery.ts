import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { FaultName } from "../../scripts/lab/faults";
import { Rehearsal } from "./rehearsal";
import { assertAllServe } from "./roll-out";

/** What the clusters of these rehearsals run. */
export const versions = { talos: "v1.13.0", kubernetes: "v1.35.3" };

/** A fault that keeps a step from its goal. */
export interface Refusal {
  readonly fault: FaultName;
  /** What the person is told after the machine's name, in this order. */
  readonly says: readonly RegExp[];
  /** For a step that waits until it ends; it has a minute to end by itself otherwise. */
  readonly deadlineSeconds?: number;
}

/** Three controllers and a worker, whose steps give up soon. */
export async function startImpatiently(network: string): Promise<Rehearsal> {
  const rehearsal = await Rehearsal.start({
    network,
    controllers: 3,
    workers: 1,
    talosVersion: versions.talos,
    kubernetesVersion: versions.kubernetes,
    config: {
      preflightTimeoutSeconds: "20",
      gateTimeoutSeconds: "20",
      upgradeTimeoutSeconds: "50",
      readyTimeoutSeconds: "40",
      healthTimeoutSeconds: "60",
    },
  });
  rehearsal.setConfig({
    rollout: { stableSeconds: 0, drainTimeoutSeconds: 5 },
    imageFactory: { register: false },
  });
  return rehearsal;
}

/** What a step and the programs around it take beyond its deadline. */
const marginSeconds = 15;

/** A step by hand that must fail before its deadline, or soon after; what it says. */
export async function byHand(
  rehearsal: Rehearsal,
  words: readonly string[],
  deadlineSeconds: number,
): Promise<string> {
  const flags = ["--stack", "lab", "--deadline-seconds", String(deadlineSeconds)];
  const before = Date.now();
  const { code, output } = await rehearsal.step(...words, ...flags);
  const seconds = (Date.now() - before) / 1000;
  assert.equal(code, 1, output);
  assert.ok(seconds < deadlineSeconds + marginSeconds, `it took ${seconds} s:\n${output}`);
  return output;
}

/** Lifts all faults, and waits until every machine is well again and serves. */
export async function recover(rehearsal: Rehearsal): Promise<void> {
  await rehearsal.clearFaults();
  await eventually(async () => {
    const { machines } = await rehearsal.lab.report();
    const unwell = machines.filter(({ ready, stage }) => !ready || stage !== "running");
    if (unwell.length > 0) return unwell.map(({ name, address }) => name || address);
    return assertAllServe(rehearsal, versions).then(
      () => [],
      (error: Error) => [error.message],
    );
  });
}

const patienceMilliseconds = 60_000;
const intervalMilliseconds = 200;

/** Waits until nothing is missing any more; fails with what still is. */
export async function eventually(missing: () => Promise<readonly string[]>): Promise<void> {
  const until = Date.now() + patienceMilliseconds;
  for (;;) {
    const left = await missing();
    if (left.length === 0) return;
    assert.ok(Date.now() < until, `still missing: ${left.join("; ")}`);
    await pause(intervalMilliseconds);
  }
}

/** Fails unless an output has all of the texts, in this order. */
export function assertSays(output: string, texts: readonly RegExp[]): void {
  let rest = output;
  for (const text of texts) {
    const found = text.exec(rest);
    assert.ok(found, `${text} is not said, or too early, in:\n${output}`);
    rest = rest.slice(found.index + found[0].length);
  }
}
