import { summarize } from "./talosctl-error";

/** Lines of the installer that are kept for a failure. */
const keptLines = 4;

/**
 * What a person is told of Talos's own phases and sequences.
 *
 * @see siderolabs/talos v1.13.0, internal/app/machined/pkg/runtime/v1alpha1/v1alpha1_sequencer.go
 */
const phases: Readonly<Record<string, string>> = {
  "phase: drain": "it drains itself",
  "phase: upgrade": "installing",
  "phase: stopEverything": "restarting",
  "sequence: reboot": "restarting",
  "sequence: initialize": "starting",
  "sequence: boot": "starting",
};

/** Reads what `talosctl upgrade` and `talosctl reboot` say, line by line. */
export class UpgradeOutput {
  /** Exit code of the installer, once it ended. */
  exitCode: number | undefined;
  private installer: string[] = [];
  private errors: string[] = [];
  private phase = "";

  constructor(
    private readonly address: string,
    private readonly onPhase: (text: string) => void,
  ) {}

  read(line: string): void {
    const text = line.trim();
    const tracked = this.tracked(text);
    if (tracked !== undefined) return this.readTracked(tracked);
    if (/^New upgrade API is not available/.test(text))
      return this.say("upgrade API of Talos 1.12");
    const own = text.startsWith(`${this.address}: `) ? text.slice(this.address.length + 2) : text;
    if (own.startsWith("pulled image ")) return this.say("image pulled");
    if (own === "upgrade completed") return this.say("installed beside the running system");
    const code = /^(?:Exit code: |upgrade failed with exit code )(\d+)$/.exec(own)?.[1];
    if (code !== undefined) this.exitCode = Number(code);
    else if (/^error\b|rpc error/.test(own) && own === text) this.errors.push(own);
    else if (own !== "" && !/^(WARNING: |Flag --)/.test(own)) this.readInstaller(own);
  }

  /** What went wrong, if that was said. */
  get error(): string | undefined {
    const said = this.installer.filter((line) => !/^(Usage:|installer install )/.test(line));
    if (this.exitCode !== undefined && this.exitCode !== 0) {
      const last = said.at(-1);
      return `the installer ended with exit code ${this.exitCode}${last === undefined ? "" : `: ${last}`}`;
    }
    const text = this.errors.join("\n");
    return text === "" ? undefined : summarize(text);
  }

  /** A line of the tracker: `"10.0.0.1": phase: reboot action: START`. */
  private tracked(text: string): string | undefined {
    const quoted = `"${this.address}": `;
    return text.startsWith(quoted) ? text.slice(quoted.length) : undefined;
  }

  private readTracked(text: string): void {
    // How the tracker says that a restart goes as it should.
    if (/(sequence|task) completed$/.test(text)) return;
    const began = /^((?:phase|sequence): \S+) action: START/.exec(text)?.[1];
    if (began !== undefined) return this.say(phases[began]);
    const failed = /^sequence: \S+ action: .* error: \[code: (.*) message: /.exec(text)?.[1];
    if (failed !== undefined) this.errors.push(`error: ${failed}`);
    else if (/rpc error|^error: |^sequence error: /.test(text)) this.errors.push(text);
  }

  private readInstaller(line: string): void {
    if (this.installer.length === 0) this.say("installing");
    this.installer = [...this.installer, line].slice(-keptLines);
  }

  private say(phase: string | undefined): void {
    if (phase === undefined || phase === this.phase) return;
    this.phase = phase;
    this.onPhase(phase);
  }
}
