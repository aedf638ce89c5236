import * as pulumi from "@pulumi/pulumi";
import type { PlannedAction } from "../model/plan";
import { stepCommandLine } from "../steps/command-line";
import { settledValue } from "./known";
import { runCommandLine } from "./run-command-line";
import type { StepArgs } from "./step";

/** What the engine knows of a machine's config in a preview: what the program itself cannot see. */
export interface ConfigChange {
  readonly action: PlannedAction;
  /** The config it was last given; a secret. */
  readonly lastApplied?: string;
  readonly previousAddress?: string;
}

/** What the gate of one machine is told. */
export type GateArgs = Omit<StepArgs, "step">;

/**
 * Hooks on the configs of a cluster's machines.
 *
 * The gate runs directly before a config is applied, in the same run and every time: a gate that was a resource of its own would be
 * skipped in the run after a failed apply, and `--target` would walk round it. In a preview a hook only takes down what changes.
 * There is one of each for all machines, since registering one is a call to the engine.
 */
export class NodeHooks {
  private readonly gates = new Map<string, GateArgs>();
  private readonly changes = new Map<string, ConfigChange>();
  private readonly create: pulumi.ResourceHook;
  private readonly update: pulumi.ResourceHook;

  /** `inPreviews`: whether somebody will ask {@link changeOf}; each call costs a preview some time. */
  constructor(name: string, inPreviews: boolean) {
    const onDryRun = { onDryRun: inPreviews };
    this.create = new pulumi.ResourceHook(
      `${name}-before-create`,
      (args) => this.before(args, "create"),
      onDryRun,
    );
    this.update = new pulumi.ResourceHook(
      `${name}-before-update`,
      (args) => this.before(args, "update"),
      onDryRun,
    );
  }

  /** Binds the hooks to the config resource of the given name. */
  bind(configName: string, gate: GateArgs): pulumi.ResourceHookBinding {
    this.gates.set(configName, gate);
    return { beforeCreate: [this.create], beforeUpdate: [this.update] };
  }

  /** What a preview will do to a config; it is right once the config's outputs are resolved. */
  changeOf(configName: string): ConfigChange {
    return this.changes.get(configName) ?? { action: "none" };
  }

  private async before(args: pulumi.ResourceHookArgs, action: "create" | "update"): Promise<void> {
    const change = await changeOf(args, action);
    if (pulumi.runtime.isDryRun()) this.changes.set(args.name, change);
    else await runGate(this.gates.get(args.name)!, change);
  }
}

async function changeOf(
  args: pulumi.ResourceHookArgs,
  action: "create" | "update",
): Promise<ConfigChange> {
  const inputs = (args.oldInputs ?? {}) as { node?: unknown };
  const outputs = (args.oldOutputs ?? {}) as { machineConfiguration?: unknown };
  const address = (args.newInputs as { node?: unknown } | undefined)?.node;
  const moved = typeof inputs.node === "string" && inputs.node !== address;
  return {
    action,
    lastApplied: await textOf(outputs.machineConfiguration),
    previousAddress: moved ? (inputs.node as string) : undefined,
  };
}

/** A secret reaches a hook as an output. */
async function textOf(value: unknown): Promise<string | undefined> {
  const known: unknown = pulumi.Output.isInstance(value) ? await settledValue(value) : value;
  return typeof known === "string" ? known : undefined;
}

async function runGate(args: GateArgs, change: ConfigChange): Promise<void> {
  // A hook runs when the resource's inputs are resolved, so these are known by then.
  const environment = await settledValue(pulumi.output(args.environment));
  const stdin = await settledValue(args.credentials);
  const { previousAddress } = change;
  const { code, stderr } = await runCommandLine(stepCommandLine("gate"), stdin, {
    ...environment,
    ...(previousAddress === undefined ? {} : { PREVIOUS_ADDRESS: previousAddress }),
    CONFIGURED: String(change.action === "update"),
    DEADLINE_SECONDS: String(args.timeoutSeconds),
  });
  if (code !== 0) throw new Error(stderr.trim() || `the gate ended with exit code ${code}`);
}
