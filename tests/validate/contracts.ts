import { newestContract, talosReleases } from "../../model/compatibility";
import { compareMinors } from "../../model/versions";

/** A contract that configs can be made for, with the Kubernetes releases its Talos runs. */
export interface Contract {
  /** For example `v1.8`. */
  readonly contract: string;
  readonly kubernetes: readonly string[];
}

/** Every contract, oldest first. */
export const contracts: readonly Contract[] = talosReleases
  .filter(({ talos }) => compareMinors(talos, newestContract) <= 0)
  .map(({ talos, kubernetes: { from, to } }) => ({
    contract: `v${talos}`,
    kubernetes: minorsBetween(from, to).map((minor) => `v${minor}.0`),
  }));

function minorsBetween(from: string, to: string): string[] {
  const [first = 0, last = 0] = [from, to].map((minor) => Number(minor.split(".")[1]));
  return Array.from({ length: last - first + 1 }, (_, index) => `1.${first + index}`);
}

/** Newest Kubernetes release that the Talos release of a contract runs. */
export function newestKubernetes({ contract, kubernetes }: Contract): string {
  const newest = kubernetes.at(-1);
  if (newest === undefined) throw new Error(`${contract} runs no Kubernetes release`);
  return newest;
}
