import { readdirSync, readFileSync } from "node:fs";
import type { Figure } from "./figure";

/** Memory of the lab's processes: talos-lab with every etcd and kube-apiserver. */
export const labMemoryMiB: Figure = {
  name: "labMemoryMiB",
  description: "memory of the lab with 3 controllers and 1 worker",
  limit: 2560,
  async measure({ fourMachines }) {
    const { lab } = await fourMachines();
    const pid = Number(readFileSync(lab.directory.pidFile, "utf8"));
    return Math.round(withDescendants(pid).reduce((sum, one) => sum + memoryKiB(one), 0) / 1024);
  },
};

/** A process and all that it started, directly or not. */
function withDescendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const below = (root: number): number[] => [
    root,
    ...parents.filter(({ parent }) => parent === root).flatMap((child) => below(child.pid)),
  ];
  return below(pid);
}

const parentOf = (pid: number) => Number(field(`/proc/${pid}/status`, "PPid"));

/** Proportional share, so that the program text the controllers share counts once. */
const memoryKiB = (pid: number) => Number(field(`/proc/${pid}/smaps_rollup`, "Pss"));

function field(path: string, name: string): string {
  try {
    return new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(readFileSync(path, "utf8"))?.[1] ?? "0";
  } catch {
    // The process ended meanwhile.
    return "0";
  }
}
