import type { StepName } from "./command-line";
import type { Deadline } from "./deadline";
import type { ValuesOf, Variables } from "./environment";
import type { Machine } from "./machine";
import type { Output } from "./output";
import type { Talosctl } from "./talosctl";

/** What every step works with. */
export interface StepContext {
  readonly talosctl: Talosctl;
  readonly deadline: Deadline;
  readonly output: Output;
  /** Reads and decides as ever, and says what it would do instead of doing it. */
  readonly dryRun: boolean;
  /** Short digest of the cluster's CA: clusters of one name are told apart by it. */
  readonly authority: string;
  /** Takes the lock of a machine for the rest of the step, waiting for whoever has it. */
  lock(machine: Machine): Promise<void>;
}

/** A step: what it is told, and what it does with it. The text it returns is its last line. */
export interface Step<Set extends Variables = Variables> {
  readonly name: StepName;
  /** First words of its help: what holds when it ends well. */
  readonly summary: string;
  readonly variables: Set & {
    readonly deadlineSeconds: Variables[string];
    readonly clusterName: Variables[string];
  };
  run(values: ValuesOf<Set>, context: StepContext): Promise<string>;
}

/** Ties the values a step gets to the variables it names. */
export function defineStep<Set extends Variables>(step: Step<Set>): Step {
  return step;
}
