import type { ClusterInput } from "./cluster-input";
import type { ApplyMode, OnRemove } from "./cluster-spec";
import type { Problem } from "./problem";
import { reportTo } from "./report";
import { didYouMean, listed } from "./suggestion";

/** Ways to apply a config to a running machine. */
export const applyModes = ["auto", "no-reboot", "staged"] as const satisfies readonly ApplyMode[];

const onRemoveChoices = ["forget", "reset"] as const satisfies readonly OnRemove[];

/** Longest time that can be waited for one thing, in seconds: steps take no more. */
const longestSeconds = 86_400;

type RolloutParts = Pick<
  ClusterInput,
  "rollout" | "applyMode" | "onRemove" | "snapshots" | "bootstrap" | "secretsBundle"
>;

/** What is wrong with how changes reach the machines, and with the files that a run reads or writes. */
export function checkRollout(input: RolloutParts): Problem[] {
  const problems: Problem[] = [];
  const check = <T>(
    path: string,
    value: T | undefined,
    problem: (value: T) => string | undefined,
  ) => (value === undefined ? undefined : reportTo(problems)(path, problem(value)));
  const { rollout, applyMode, onRemove, snapshots, bootstrap, secretsBundle } = input;
  check("rollout.maxUnavailable", rollout?.maxUnavailable, countProblem);
  check("rollout.stableSeconds", rollout?.stableSeconds, stableSecondsProblem);
  check("rollout.drainTimeoutSeconds", rollout?.drainTimeoutSeconds, secondsProblem);
  check("rollout.gate", rollout?.gate, commandProblem);
  check("applyMode", applyMode, applyModeProblem);
  check("onRemove", onRemove, onRemoveProblem);
  check("snapshots.directory", snapshots?.directory, (path) =>
    pathProblem(path, "a folder", "snapshots"),
  );
  check("bootstrap.recoverFrom", bootstrap?.recoverFrom, (path) =>
    pathProblem(path, "an etcd snapshot", "snapshots/etcd.snapshot"),
  );
  check("secretsBundle", secretsBundle, (path) =>
    pathProblem(path, "a secrets bundle", "secrets.yaml"),
  );
  return problems;
}

/** What is wrong with a way to apply configs, or nothing. */
export function applyModeProblem(mode: string): string | undefined {
  if ((applyModes as readonly string[]).includes(mode)) return undefined;
  if (mode === "reboot")
    return '"reboot" is for one apply by hand: talos-cluster reboot <machine>. Give one of auto, no-reboot and staged.';
  return choiceProblem(mode, applyModes, "a way to apply a config");
}

function onRemoveProblem(value: string): string | undefined {
  return choiceProblem(value, onRemoveChoices, "what can become of a machine");
}

function choiceProblem(value: string, known: readonly string[], what: string): string | undefined {
  if (known.includes(value)) return undefined;
  return `"${value}" is not ${what}.${didYouMean(value, known)} Give one of ${listed(known)}.`;
}

function countProblem(count: number): string | undefined {
  if (Number.isInteger(count) && count >= 1) return undefined;
  return `${count} is not a count. Give a whole number from 1 on: the workers that may be out at once.`;
}

function stableSecondsProblem(seconds: number): string | undefined {
  if (seconds === 0 || isSeconds(seconds)) return undefined;
  return `${seconds} is not a number of seconds. Give a whole number from 0 to ${longestSeconds}; 0 for not at all.`;
}

function secondsProblem(seconds: number): string | undefined {
  if (isSeconds(seconds)) return undefined;
  return `${seconds} is not a number of seconds. Give a whole number from 1 to ${longestSeconds}.`;
}

function isSeconds(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= longestSeconds;
}

/** The command is not shown: it may hold a token. */
function commandProblem(command: string): string | undefined {
  if (command.trim() !== "" && !command.includes("\0")) return undefined;
  return "is no command. Give one that exits with 0 when the next machine may be touched, or take it out.";
}

function pathProblem(path: string, what: string, example: string): string | undefined {
  if (path.trim() === "") return `is empty. Give the path of ${what}, for example ${example}.`;
  if (/^[\x20-\x7e]+$/.test(path)) return undefined;
  return `"${path}" holds a character that is not printable ASCII. Give the path of ${what} without it, for example ${example}.`;
}
