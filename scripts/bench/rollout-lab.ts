import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Lab } from "../lab";
import { startBenchLab } from "./bench-lab";
import { TalosctlCalls } from "./talosctl-calls";
import { timedProgram } from "./timed-command";

export const workers = 50;
export const wave = 10;

/** A cluster of many workers that get a new label in waves, and what records the calls of talosctl. */
export class RolloutLab {
  private label = 0;

  private constructor(
    readonly lab: Lab,
    readonly calls: TalosctlCalls,
    private readonly directory: string,
  ) {}

  static async start(): Promise<RolloutLab> {
    const words = ["--controllers", "1", "--workers", String(workers)];
    const { lab } = await startBenchLab("127.0.62.0/24", ...words);
    const directory = mkdtempSync(join(tmpdir(), "talos-bench-calls-"));
    const program = join(lab.toolchain.binDirectory, "talosctl");
    const rollout = new RolloutLab(lab, new TalosctlCalls(directory, program), directory);
    rollout.setRollout();
    await rollout.rollOut(lab.environment);
    return rollout;
  }

  /** Seconds that `pulumi up` takes to give every worker another label, which reboots none. */
  async rollOut(environment: Record<string, string>): Promise<number> {
    this.label += 1;
    const path = this.lab.directory.nodesFile;
    const file = parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    const defaults = { workers: { labels: { bench: String(this.label) } } };
    writeFileSync(path, stringify({ ...file, defaults }));
    const words = ["up", "--yes", "--skip-preview", "--parallel", "32", "--non-interactive"];
    return timedProgram("pulumi", words, environment);
  }

  async stop(): Promise<void> {
    await this.lab.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private setRollout(): void {
    const path = this.lab.directory.configFile;
    const stack = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
    stack.config["talos-cluster:rollout"] = { maxUnavailable: wave, stableSeconds: 0 };
    writeFileSync(path, stringify(stack));
  }
}
