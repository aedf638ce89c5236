import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterInput } from "../model/cluster-input";
import { applyDefaults } from "../model/node-defaults";
import type { Problem } from "../model/problem";
import { parseTalosctlVersion, talosctlProblem } from "../model/talosctl-version";

/**
 * What is wrong with the talosctl that every step runs; looked at in a preview only.
 *
 * `preflight` looks again in the run itself, on the machine where that happens.
 */
export function checkPrograms({ talosVersion, nodes, defaults }: ClusterInput): Problem[] {
  if (!pulumi.runtime.isDryRun()) return [];
  const asked = spawnSync("talosctl", ["version", "--client", "--short"], {
    encoding: "utf8",
    timeout: 10_000,
  });
  const installed = asked.error === undefined ? parseTalosctlVersion(asked.stdout) : undefined;
  const canaries = applyDefaults(nodes, defaults).map((node) => node.talosVersion);
  const wanted = [talosVersion, ...canaries];
  const problem = talosctlProblem(
    installed,
    wanted.filter((version) => version !== undefined),
  );
  return problem === undefined
    ? []
    : [{ path: "talosctl", text: problem.replace(/^talosctl: /, "") }];
}
