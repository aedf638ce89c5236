import { writeCredentialsFile, removeAbandonedFiles } from "./credentials-file";
import { authorityOf, secretsOf, talosconfig, type Credentials } from "./credentials";
import { Deadline } from "./deadline";
import { readEnvironment } from "./environment";
import { describeFailure, StepFailure, UsageError, type FailureReport } from "./failure";
import { lockMachine, type Lock } from "./lock";
import { Output, type Phase } from "./output";
import { runtimeDirectory } from "./runtime-directory";
import type { Step, StepContext } from "./step";
import { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** How a step ended. Everything in it is redacted. */
export interface StepReport {
  readonly step: string;
  readonly ok: boolean;
  readonly elapsedSeconds: number;
  readonly phases: readonly Phase[];
  /** Last line of a step that ended well. */
  readonly result?: string;
  readonly failure?: FailureReport;
}

export interface RunStepOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Asked for only once the environment is known to be right. */
  readonly credentials: () => Promise<Credentials>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Changes nothing; by hand only. */
  readonly dryRun?: boolean;
}

/** Runs a step from its environment to its last word. Throws on bad usage only. */
export async function runStep(step: Step, options: RunStepOptions): Promise<StepReport> {
  const values = readEnvironment(step.variables, options.environment);
  const secrets = await options.credentials();
  const deadline = new Deadline(values.deadlineSeconds as number);
  const output = new Output(options.write, () => deadline.elapsedSeconds, secretsOf(secrets));
  const directory = runtimeDirectory();
  removeAbandonedFiles(directory);
  const file = writeCredentialsFile(directory, talosconfig(secrets));
  const talosctl = new Talosctl({ credentials: file, deadline, secrets: secretsOf(secrets) });
  const locks: Lock[] = [];
  const stopped = stopOnSignals(deadline);
  const context: StepContext = {
    talosctl,
    deadline,
    output,
    dryRun: options.dryRun ?? false,
    authority: authorityOf(secrets),
    lock: async (machine) => {
      const cluster = values.clusterName as string;
      const lock = await lockMachine({
        directory,
        cluster,
        machine,
        step: step.name,
        deadline,
        onWait: (text) => output.phase(text),
      });
      locks.push(lock);
      talosctl.holdLock(lock.descriptor);
    },
  };
  const report = { step: step.name, elapsedSeconds: 0, phases: output.phases };
  try {
    const result = await step.run(values, context);
    output.phase(result);
    return { ...report, ok: true, result, elapsedSeconds: deadline.elapsedSeconds };
  } catch (error) {
    const failure =
      stopped.signal === undefined ? failureOf(step, error) : interrupted(step, stopped.signal);
    output.last(describeFailure(failure), options.writeError);
    return { ...report, ok: false, failure, elapsedSeconds: deadline.elapsedSeconds };
  } finally {
    stopped.forget();
    file.remove();
    locks.forEach((lock) => lock.release());
    deadline.close();
  }
}

function failureOf(step: Step, error: unknown): FailureReport {
  if (error instanceof UsageError) throw error;
  if (error instanceof StepFailure) return error.report;
  const what =
    error instanceof TalosctlError
      ? `${step.name}: talosctl failed: ${error.message}`
      : `${step.name}: ${error instanceof Error ? error.message : String(error)}`;
  const next =
    error instanceof TalosctlError && error.kind === "missing"
      ? "install talosctl and put it on PATH"
      : "mend that, then run pulumi up again";
  return { what, left: "everything as it is.", next: [next] };
}

function interrupted(step: Step, signal: NodeJS.Signals): FailureReport {
  return {
    what: `${step.name}: stopped by ${signal}.`,
    left: "everything as it is; a call that was under way may still take effect.",
    next: ["run pulumi up again: it goes on from here"],
  };
}

const signals: NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Lets a signal end the step in order: children stopped, files removed, last word said. */
function stopOnSignals(deadline: Deadline): { signal?: NodeJS.Signals; forget(): void } {
  const stopped: { signal?: NodeJS.Signals; forget(): void } = {
    forget: () => signals.forEach((signal) => process.off(signal, onSignal)),
  };
  const onSignal = (signal: NodeJS.Signals) => {
    stopped.signal ??= signal;
    deadline.stop();
  };
  signals.forEach((signal) => process.on(signal, onSignal));
  return stopped;
}
