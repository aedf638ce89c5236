import type { DetachedProcess } from "./detached-process";
import type { Deadline } from "./deadline";
import { label, type Machine } from "./machine";
import type { CallState } from "./return-decision";
import type { StepContext } from "./step";
import { UpgradeOutput } from "./upgrade-output";

/** The call that restarts a machine, as it runs beside the watch for its return. */
export class RestartCall {
  private constructor(
    private readonly running: DetachedProcess,
    private readonly output: UpgradeOutput,
    private readonly deadline: Deadline,
  ) {}

  private endedAtSeconds: number | undefined;
  private ok = false;

  static begin(
    machine: Machine,
    args: readonly string[],
    through: Machine,
    { talosctl, output, deadline }: StepContext,
  ): RestartCall {
    const read = new UpgradeOutput(machine.address, (phase) =>
      output.phase(`${label(machine)}: ${phase}`),
    );
    const running = talosctl.begin(machine, args, { through, onLine: (line) => read.read(line) });
    const call = new RestartCall(running, read, deadline);
    void running.ended.then(({ code }) => {
      call.ok = code === 0;
      call.endedAtSeconds = deadline.elapsedSeconds;
    });
    return call;
  }

  state(): CallState {
    if (this.endedAtSeconds === undefined) return { kind: "running" };
    const forSeconds = this.deadline.elapsedSeconds - this.endedAtSeconds;
    return {
      kind: "ended",
      ok: this.ok,
      said: this.output.error ?? "talosctl ended and did not say why",
      forSeconds,
    };
  }

  /** Whether the wanted system was installed, as far as was said. */
  get isInstalled(): boolean {
    return this.output.exitCode === 0;
  }

  /** What it said of a failure, if it failed. */
  get complaint(): string | undefined {
    return this.endedAtSeconds !== undefined && !this.ok ? this.output.error : undefined;
  }

  /**
   * Ends the call when it is over or only watches any more. A step that is told to stop leaves it
   * at work, with the machine's lock: an installation is not broken off in the middle.
   */
  end(): void {
    if (this.endedAtSeconds !== undefined) return;
    const isToldToStop =
      this.deadline.signal.aborted && this.deadline.elapsedSeconds < this.deadline.seconds;
    if (isToldToStop) this.running.leave();
    else this.running.stop();
  }
}
