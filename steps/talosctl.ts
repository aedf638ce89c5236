import { childEnvironment } from "./child-environment";
import { runProgram, type Ended } from "./child-process";
import { writeCredentialsFile, type CredentialsFile } from "./credentials-file";
import { startDetached, type DetachedProcess } from "./detached-process";
import type { Deadline } from "./deadline";
import type { Machine } from "./machine";
import { shorten } from "./output";
import { redact } from "./redaction";
import { runtimeDirectory } from "./runtime-directory";
import { classify, summarize, TalosctlError } from "./talosctl-error";
import { parseResources, type Resource } from "./talosctl-output";

/** Time one call may take unless it says otherwise. A healthy machine answers in tenths of a second. */
const defaultTimeoutSeconds = 8;

export interface TalosctlOptions {
  readonly credentials: CredentialsFile;
  readonly deadline: Deadline;
  /** Values that no message may hold. */
  readonly secrets: readonly string[];
}

export interface CallOptions {
  readonly timeoutSeconds?: number;
  readonly onStderrLine?: (line: string) => void;
  readonly onStdoutLine?: (line: string) => void;
  /** Ends this call alone. */
  readonly stop?: AbortSignal;
  /** Controller that passes the call on; the machine itself unless said. A machine that restarts cannot serve its own call. */
  readonly through?: Machine;
}

/**
 * talosctl of PATH, asked about one machine at a time, straight at its address.
 *
 * Every call has its own time limit, since talosctl has none: a machine that takes a connection and
 * says nothing would hold it for ever. What a call prints is parsed here and never passed through.
 */
export class Talosctl {
  private readonly lockDescriptors: number[] = [];

  constructor(private readonly options: TalosctlOptions) {}

  /** Lets every later child hold a lock of this step too, so that it outlives this process. */
  holdLock(descriptor: number): void {
    this.lockDescriptors.push(descriptor);
  }

  /** Resources of a type, or the one with an id, over mutual TLS. */
  async get(machine: Machine, type: string, id?: string): Promise<Resource[]> {
    const named = id === undefined ? [] : [id];
    return parseResources(await this.run(machine, ["get", type, ...named, "-o", "json"]));
  }

  /**
   * Resources of a type from a machine in maintenance mode.
   *
   * Nothing is known about who answers, so this call only reads: it carries no credentials at all.
   */
  async getInsecurely(machine: Machine, type: string): Promise<Resource[]> {
    const args = ["--nodes", machine.address, "get", type, "--insecure", "-o", "json"];
    return parseResources(answer(await this.start(args, [], {}), this.options.secrets));
  }

  /** Any command about a machine, over mutual TLS. */
  async run(machine: Machine, args: readonly string[], call: CallOptions = {}): Promise<string> {
    return answer(await this.runToEnd(machine, args, call), this.options.secrets);
  }

  /** A command whose end is judged by the caller. */
  runToEnd(machine: Machine, args: readonly string[], call: CallOptions = {}): Promise<Ended> {
    return this.start([...this.target(machine, call.through), ...args], this.inherited(), call);
  }

  /** A command that reads a secret text as a file; the text is on no disk and in no argument. */
  async runWithFile(
    machine: Machine,
    text: string,
    args: (path: string) => readonly string[],
    call: CallOptions = {},
  ): Promise<Ended> {
    const file = writeCredentialsFile(runtimeDirectory(), text);
    try {
      const inherited = this.inherited();
      const own = file.descriptor === undefined ? [] : [file.descriptor];
      const words = [
        ...this.target(machine, call.through),
        ...args(file.pathFor(3 + inherited.length)),
      ];
      return await this.start(words, [...inherited, ...own], call);
    } finally {
      file.remove();
    }
  }

  /** A command that goes on, with the machine's lock, when this step is killed; nothing but the caller ends it. */
  begin(
    machine: Machine,
    args: readonly string[],
    call: Pick<CallOptions, "through"> & { readonly onLine?: (line: string) => void } = {},
  ): DetachedProcess {
    return startDetached("talosctl", [...this.target(machine, call.through), ...args], {
      environment: childEnvironment(),
      descriptors: this.withLock(this.inherited()),
      onLine: call.onLine,
    });
  }

  private target(machine: Machine, through: Machine = machine): string[] {
    const { credentials } = this.options;
    const to = ["--endpoints", through.address, "--nodes", machine.address];
    return ["--talosconfig", credentials.pathFor(3), ...to];
  }

  private inherited(): number[] {
    const { descriptor } = this.options.credentials;
    return descriptor === undefined ? [] : [descriptor];
  }

  private withLock(inherited: readonly number[]): readonly number[] {
    return [...inherited, ...this.lockDescriptors];
  }

  private start(
    args: readonly string[],
    inherited: readonly number[],
    call: CallOptions,
  ): Promise<Ended> {
    const { deadline } = this.options;
    const own = call.timeoutSeconds ?? defaultTimeoutSeconds;
    return runProgram("talosctl", args, {
      timeoutSeconds: Math.max(0.1, Math.min(own, deadline.remainingSeconds)),
      signal:
        call.stop === undefined ? deadline.signal : AbortSignal.any([deadline.signal, call.stop]),
      descriptors: this.withLock(inherited),
      environment: childEnvironment(),
      onStderrLine: call.onStderrLine,
      onStdoutLine: call.onStdoutLine,
    });
  }
}

/** stdout of a call that went well, or its error. */
export function answer(ended: Ended, secrets: readonly string[] = []): string {
  if (ended.missing) {
    throw new TalosctlError("missing", "talosctl is not on PATH");
  }
  if (ended.timedOut) throw new TalosctlError("silent", "no answer in time");
  if (ended.code === 0) return ended.stdout;
  const message = shorten(redact(summarize(ended.stderr), secrets), 300);
  throw new TalosctlError(classify(ended.stderr), message);
}
