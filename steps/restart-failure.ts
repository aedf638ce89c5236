import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";
import type { Returned } from "./machine-return";
import { isSequenceFailure } from "./return-decision";

/** What is known when a restart did not go well. */
export interface FailedRestart {
  readonly machine: Machine;
  /** Done to it: upgraded, rebooted. */
  readonly verb: string;
  readonly returned: Exclude<Returned, { readonly kind: "back" }>;
  /** What talosctl said, if it failed. */
  readonly complaint?: string;
  /** What is said of the Node: cordoned or not. */
  readonly node: string;
  /** The wanted system is installed beside the one that runs. */
  readonly isInstalled: boolean;
  readonly deadlineSeconds: number;
  /** How to get back to what was before. */
  readonly wayBack: readonly string[];
}

export function restartFailure(failed: FailedRestart): StepFailure {
  const { machine, returned, node, wayBack } = failed;
  const { what, seen, state } = told(failed);
  return new StepFailure({
    what: `${label(machine)}: ${what}`,
    seen: [
      ...seen,
      ...(failed.complaint === undefined || what.includes(failed.complaint)
        ? []
        : [`talosctl: ${failed.complaint}`]),
    ],
    left: `${machine.name} ${state}; ${node}. No machine after it was touched.`,
    next: [
      ...(returned.kind === "late" ? ["look at its console, or at what powers it"] : []),
      `talosctl --endpoints ${machine.address} --nodes ${machine.address} dmesg`,
      "once the cause is mended, run pulumi up again: it goes on from here",
      ...wayBack,
    ],
  });
}

function told({ verb, returned, complaint, isInstalled, deadlineSeconds }: FailedRestart): {
  what: string;
  seen: readonly string[];
  state: string;
} {
  switch (returned.kind) {
    case "late":
      return {
        what: `was told to restart, and is not back and well within ${deadlineSeconds} s.`,
        seen: returned.missing.length === 0 ? ["no answer yet"] : returned.missing,
        state: "as it is",
      };
    case "fell-back":
      return {
        what:
          complaint !== undefined && isSequenceFailure(complaint)
            ? `is not ${verb}: ${complaint}. It restarted by itself, as Talos does then, and runs what it ran before.`
            : `fell back: it restarted, and runs what it ran before, as Talos does when the new system fails to start. It is not ${verb}.`,
        seen: [returned.because],
        state: returned.isUp ? "runs, with what it ran before" : "as it is",
      };
    case "not-restarted":
      return {
        what: `is not ${verb}: ${returned.because}`,
        seen: ["it has not restarted, and still runs what it ran before"],
        state: isInstalled
          ? "runs as before; the new system is installed, and its next restart starts it"
          : "runs as before",
      };
  }
}
