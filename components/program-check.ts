import { execFile } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSpec } from "../model/cluster-spec";
import type { Problem } from "../model/problem";
import { parseTalosctlVersion, talosctlProblem } from "../model/talosctl-version";

/**
 * What is wrong with the talosctl that every step runs; looked at in a preview only.
 *
 * `preflight` looks again in the run itself, on the machine where that happens.
 */
export async function checkPrograms({ controllers, workers }: ClusterSpec): Promise<Problem[]> {
  if (!pulumi.runtime.isDryRun()) return [];
  const wanted = [...controllers, ...workers].map(({ talosVersion }) => talosVersion);
  const problem = talosctlProblem(await installedVersion(), wanted);
  return problem === undefined
    ? []
    : [{ path: "talosctl", text: problem.replace(/^talosctl: /, "") }];
}

/** None when there is no talosctl, or it does not answer. */
function installedVersion(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { encoding: "utf8", timeout: 10_000 } as const;
    execFile("talosctl", ["version", "--client", "--short"], options, (error, stdout) =>
      resolve(error === null ? parseTalosctlVersion(stdout) : undefined),
    );
  });
}
