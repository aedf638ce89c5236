import { chmodSync, existsSync, writeFileSync } from "node:fs";
import type { Toolchain } from "../toolchain";
import { stackName } from "./committed-stack";
import { ControlClient, type PowerState } from "./control-client";
import { labEnvironment } from "./environment";
import type { LabDirectory } from "./lab-directory";
import { machinesOf, type LabPlan } from "./lab-plan";
import type { LabReport } from "./report-schema";
import { runProgram, type Finished } from "./run-pulumi";
import { stopLab } from "./stop-lab";

/** Outputs of the program that make a cluster usable. */
export interface ClusterOutputs {
  readonly kubeconfig: string;
  readonly talosconfig: string;
  readonly endpoint: string;
}

/** A running lab. */
export class Lab {
  /** Stack the program is run as. */
  readonly stack = stackName;
  /** Environment for pulumi (the automation API's `envVars` too), talosctl and kubectl. */
  readonly environment: Record<string, string>;
  /** The machines' power switches, and what the lab recorded. */
  readonly control: ControlClient;

  constructor(
    readonly directory: LabDirectory,
    readonly plan: LabPlan,
    /** Directory of the Pulumi program. */
    readonly projectDirectory: string,
    readonly toolchain: Pick<Toolchain, "binDirectory">,
  ) {
    this.environment = labEnvironment(directory, toolchain.binDirectory, plan.generated);
    this.control = new ControlClient(directory.controlSocket);
  }

  /** Addresses of all machines. */
  get machines(): readonly string[] {
    return machinesOf(this.plan);
  }

  report(): Promise<LabReport> {
    return this.control.report();
  }

  power(address: string, state: PowerState): Promise<void> {
    return this.control.power(address, state);
  }

  wipe(address: string): Promise<void> {
    return this.control.wipe(address);
  }

  /** Runs a program of the toolchain in the lab's environment; never throws for its exit code. */
  run(program: string, ...programArguments: string[]): Promise<Finished> {
    return runProgram(program, programArguments, {
      environment: this.environment,
      directory: this.projectDirectory,
    });
  }

  /** Runs pulumi on the terminal and returns its exit code. */
  async pulumiOnTerminal(...pulumiArguments: string[]): Promise<number> {
    const finished = await runProgram("pulumi", pulumiArguments, {
      environment: this.environment,
      directory: this.projectDirectory,
      terminal: true,
    });
    return finished.exitCode;
  }

  /** Selects the lab's stack, creating it first where it is missing. Throws with pulumi's own words. */
  async selectStack(): Promise<void> {
    const finished = await this.run(
      ...(["pulumi", "stack", "select", this.stack, "--create"] as const),
      ...["--secrets-provider", "passphrase", "--non-interactive"],
    );
    if (finished.exitCode !== 0) throw new Error(`pulumi stack select: ${finished.stderr.trim()}`);
  }

  /** What the program gave out; none before an `up` has ended well. */
  async outputs(): Promise<ClusterOutputs | undefined> {
    const finished = await this.run("pulumi", "stack", "output", "--json", "--show-secrets");
    if (finished.exitCode !== 0) throw new Error(`pulumi stack output: ${finished.stderr.trim()}`);
    const outputs = JSON.parse(finished.stdout) as Partial<ClusterOutputs>;
    const { kubeconfig, talosconfig, endpoint } = outputs;
    if (!kubeconfig || !talosconfig || !endpoint) return undefined;
    return { kubeconfig, talosconfig, endpoint };
  }

  /** Writes kubeconfig and talosconfig for people, readable by this user only. Returns whether there are any. */
  async writeCredentials(): Promise<boolean> {
    const outputs = await this.outputs();
    if (outputs === undefined) return false;
    writePrivate(this.directory.kubeconfig, outputs.kubeconfig);
    writePrivate(this.directory.talosconfig, outputs.talosconfig);
    return true;
  }

  /** Ends the machines and removes every trace of the lab. */
  async stop(): Promise<void> {
    await stopLab(this.directory);
  }
}

function writePrivate(path: string, text: string): void {
  // The mode only counts for a new file.
  if (existsSync(path)) chmodSync(path, 0o600);
  writeFileSync(path, text, { mode: 0o600 });
}
