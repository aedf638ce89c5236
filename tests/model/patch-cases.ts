import assert from "node:assert/strict";
import { checkPatches, type PatchTarget } from "../../model/check-patches";
import type { PatchInput } from "../../model/cluster-input";
import { problemLine, type Findings } from "../../model/problem";

/** A controller of the newest contract. */
export const target = (change: Partial<PatchTarget> = {}): PatchTarget => ({
  name: "cp-1",
  role: "controller",
  talosVersion: "v1.13.0",
  versionContract: "v1.13",
  kubernetesVersion: "v1.36.0",
  factKeys: ["v1alpha1", "HostnameConfig"],
  factFields: ["machine.install.disk", "machine.install.image"],
  patches: [],
  ...change,
});
/** Patches p.yaml, p1.yaml and so on. */
export const patchesOf = (...texts: string[]): PatchInput[] =>
  texts.map((text, index) => ({ source: `p${index || ""}.yaml`, text }));

/** Checks texts as global patches of one machine. */
export const check = (
  texts: readonly string[],
  change: Partial<PatchTarget> = {},
  variables: Parameters<typeof checkPatches>[2] = {},
): Findings => {
  const global = patchesOf(...texts);
  return checkPatches({ global }, [target({ patches: global, ...change })], variables);
};
/** Problems of texts as global patches of one machine. */
export const linesOf = (...given: Parameters<typeof check>): string[] =>
  check(...given).problems.map(problemLine);

/** A document of a kind. */
export const doc = (kind: string, rest = ""): string =>
  `apiVersion: v1alpha1\nkind: ${kind}\n${rest}`;
/** A machine of a release without documents for its network. */
export const old: Partial<PatchTarget> = {
  talosVersion: "v1.11.3",
  versionContract: "v1.11",
  factKeys: ["v1alpha1"],
  factFields: ["machine.install.disk", "machine.network.hostname"],
};

/** Texts of patches, and the lines that are said of them on one machine. */
export type Case = [
  what: string,
  texts: string[],
  expected: string[],
  change?: Partial<PatchTarget>,
];

/** One test for each case. */
export function testCases(cases: readonly Case[]): void {
  for (const [what, texts, expected, change] of cases)
    it(what, () => assert.deepEqual(linesOf(texts, change), expected));
}
