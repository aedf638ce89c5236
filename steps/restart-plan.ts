import type { Machine, Role } from "./machine";
import type { RestartTarget } from "./restart-gate";
import type { ExpectedReturn } from "./return-decision";

/** A restart of a machine, from the gate to the end of its watch. */
export interface RestartPlan {
  readonly step: "upgrade" | "reboot";
  /** What has been done to it afterwards: upgraded, rebooted. */
  readonly verb: string;
  readonly target: RestartTarget;
  readonly clusterName: string;
  readonly gateCommand?: string;
  readonly drainTimeoutSeconds: number;
  readonly stableSeconds: number;
  readonly expected: Omit<ExpectedReturn, "bootIdBefore">;
  /** What is to be done, for a person who only asked. */
  readonly would: string;
  readonly wayBack: readonly string[];
  /** Done after the gate and before the drain, while the machine is still at work. */
  readonly prepare?: () => Promise<void>;
  /** Arguments of the call that is due; asked directly before it. None when the machine is on its way already. */
  readonly due: () => Promise<readonly string[] | undefined>;
}

/** The machine as the watch for its readiness takes it. */
export function readinessTarget({ machine, role, seeds, held }: RestartTarget): {
  readonly machine: Machine;
  readonly role: Role;
  readonly seeds: readonly Machine[];
} {
  return { machine, role, seeds: seeds.filter(({ name }) => !held.includes(name)) };
}
