import type { PlannedAction } from "../model/plan";
import type { SecretLeaf } from "../model/redaction";
import type { Credentials } from "./credentials";
import { UsageError } from "./failure";
import type { ApplyMode } from "./variable";
import type { WantedMachine } from "./wanted-machine";

/**
 * What a preview knows, as JSON on stdin.
 *
 * Unlike the input of a step it holds whole configs: a machine's own dry run needs them. It is never kept: the plan is no
 * resource, and a preview writes no state.
 */
export interface PlanRequest {
  readonly clusterName: string;
  readonly kubernetesVersion: string;
  /** Contract, the oldest Talos that understands the configs. */
  readonly versionContract: string;
  readonly deadlineSeconds: number;
  /** Workers that may be out of service together. */
  readonly maxUnavailable: number;
  /** What becomes of a controller that the stack no longer names; none when the preview does not say. */
  readonly onRemove?: "forget" | "reset";
  /** None before the cluster's secrets exist: then machines are asked without any. */
  readonly credentials?: Credentials;
  /** Key of the digests that stand for secrets. */
  readonly redactionKey: string;
  /** Values of secret patch variables: what a machine says may not show one of them. */
  readonly secretValues: readonly string[];
  /** Machines in the order of the roll-out. */
  readonly machines: readonly PlannedMachine[];
  /** Client certificates by name, base64 of PEM. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** A machine as the stack wants it, and what the run will do to its config. */
export interface PlannedMachine extends WantedMachine {
  readonly installerImage: string;
  readonly schematicId: string;
  readonly action: PlannedAction;
  /** How its config is applied; `auto` unless said. */
  readonly applyMode?: ApplyMode;
  /** Address the machine had in the last run, when it is another one. */
  readonly previousAddress?: string;
  /** The config it will have; none while it is not known. */
  readonly rendered?: string;
  /** The config it was last given; none before the first. */
  readonly lastApplied?: string;
  /** Leaves of the config that came from secrets of Pulumi. */
  readonly secretLeaves: readonly SecretLeaf[];
}

/** Reads a request from the text of stdin. Its writer is the component: only its outer form is checked. */
export function parsePlanRequest(text: string): PlanRequest {
  const problem =
    "stdin: is not a plan request. It is written by `pulumi preview`; by hand use `npm run plan`.";
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(problem);
  }
  const { machines, deadlineSeconds } = (parsed ?? {}) as Partial<PlanRequest>;
  if (!Array.isArray(machines) || typeof deadlineSeconds !== "number")
    throw new UsageError(problem);
  return parsed as PlanRequest;
}
