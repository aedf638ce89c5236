import type { Role } from "./cluster-spec";

/** What a preview found on the machines and expects of the run. Plain: everything in it may be shown. */
export interface Plan {
  readonly cluster: string;
  /** Every machine, in the order the run comes to them. */
  readonly machines: readonly MachinePlan[];
  /** Workers that may be out of service together. */
  readonly maxUnavailable: number;
  /** What becomes of etcd members that are no machine of the stack, a line each. */
  readonly leaving: readonly string[];
  readonly certificates: readonly CertificatePlan[];
  /** Why the plan cannot be carried out; the preview fails. */
  readonly problems: readonly string[];
  /** What a run would stop at, as far as can be told; the preview goes on. */
  readonly warnings: readonly string[];
  /** Time the reading took, in seconds. */
  readonly readSeconds: number;
}

/** What the run does to a machine's config. */
export type PlannedAction =
  /** It gets its first config. */
  | "create"
  /** Its config changes. */
  | "update"
  | "none"
  /** Not known before other resources exist. */
  | "unknown";

/** Whether the config that a machine gets reboots it. */
export type RebootForecast = "yes" | "no" | "unknown" | "unknown until upgraded";

/** One machine of a plan. */
export interface MachinePlan {
  readonly name: string;
  readonly address: string;
  readonly role: Role;
  readonly action: PlannedAction;
  /** Whether the machine told what it is: `ours`, `maintenance`, `foreign`, `unreachable`. */
  readonly state: "ours" | "maintenance" | "foreign" | "unreachable";
  /** The state in words. */
  readonly description: string;
  readonly talos: RunningAndWanted;
  readonly kubernetes: RunningAndWanted;
  readonly schematic: RunningAndWanted;
  /** On hold: it was not read, and nothing is done to it. */
  readonly hold?: true;
  /** Its config is only staged: it takes it with its next reboot. */
  readonly staged?: true;
  /** A config was staged before, and waits for a reboot. */
  readonly waitsForReboot?: true;
  readonly reboot: RebootForecast;
  /** Paths of the config that need the reboot. */
  readonly rebootReasons: readonly string[];
  /** The machine's own words, when it refuses the config. */
  readonly refusal?: string;
  /** Differences between what the machine has and what it was last given, secrets as digests. */
  readonly drift: readonly string[];
  readonly notes: readonly string[];
}

/** A version or id as it runs, if the machine tells, and as it is wanted. */
export interface RunningAndWanted {
  readonly running?: string;
  readonly wanted: string;
}

/** A client certificate and how long it lives. */
export interface CertificatePlan {
  readonly name: string;
  readonly daysLeft: number;
}
