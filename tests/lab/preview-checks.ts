import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { delimiter, join } from "node:path";
import type { MachinePlan, Plan } from "../../model/plan";
import type { Rehearsal } from "./rehearsal";

/** Fails when one of the texts is not in what a preview printed. */
export function assertLines(output: string, lines: readonly string[]): void {
  for (const line of lines) assert.ok(output.includes(line), `${line}\n--- not in ---\n${output}`);
}

/** What a plan says of one machine. */
export function machinePlan(plan: Plan, name: string): MachinePlan {
  const found = plan.machines.find((candidate) => candidate.name === name);
  assert.ok(found, `no machine ${name} in the plan`);
  return found;
}

/** Whether each machine reboots, in the order of the plan. */
export function reboots(plan: Plan): string[] {
  return plan.machines.map(({ reboot }) => reboot);
}

/** Machines whose config resource stands in a diff, whatever becomes of it. */
export function changedConfigs(output: string): string[] {
  const found = output.matchAll(/::talos-([^:\s]+)-config\]/g);
  return [...new Set([...found].map(([, name = ""]) => name))];
}

/** What stands between two texts. */
export function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  assert.ok(from >= 0 && to > from, `not between "${start}" and "${end}":\n${text}`);
  return text.slice(from, to);
}

/** An environment with a talosctl that says it is of another version: a preview refuses one that is too old for a pin. */
export function withTalosctlThatSays(version: string, rehearsal: Rehearsal): NodeJS.ProcessEnv {
  const { project, lab } = rehearsal;
  const real = join(lab.toolchain.binDirectory, "talosctl");
  project.write(
    "bin/talosctl",
    `#!/bin/sh\n[ "$1 $2" = "version --client" ] && exec echo "Talos ${version}"\nexec ${real} "$@"\n`,
  );
  chmodSync(join(project.directory, "bin", "talosctl"), 0o755);
  const path = lab.environment.PATH ?? "";
  return { PATH: [join(project.directory, "bin"), path].join(delimiter) };
}

/** Takes the place of a machine that is switched off, and counts who calls it. */
export async function countCallers(address: string): Promise<{ stop(): Promise<number> }> {
  let callers = 0;
  const server = createServer((socket) => {
    callers += 1;
    socket.destroy();
  });
  const call = () =>
    new Promise<void>((done) => createConnection(50000, address).on("close", () => done()));
  await new Promise<void>((listening) => server.listen(50000, address, listening));
  await call();
  assert.equal(callers, 1, "nobody would have been counted");
  return {
    async stop() {
      await new Promise((closed) => server.close(closed));
      return callers - 1;
    },
  };
}
