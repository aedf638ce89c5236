import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { stepCommandLine, type StepName } from "../steps/command-line";
import type { Environment } from "./cluster-environment";

/** What a step is given: words that a person can read, and one secret. */
export interface StepArgs {
  readonly step: StepName;
  readonly timeoutSeconds: number;
  readonly environment: Environment;
  /** Talos API credentials as JSON; goes in through stdin and nowhere else. */
  readonly credentials: pulumi.Output<string>;
}

/**
 * Steps that are replaced by a change, not updated.
 *
 * A failed update keeps the inputs of the last success (command 1.2.1): who sets them again, to back out, changes nothing in the
 * eyes of the engine, and the machine that the step failed on would stay as it is, unseen. A failed replacement leaves no resource,
 * and the next run makes one. Nothing is lost with the old one: its deletion does nothing.
 */
const replacedSteps: readonly StepName[] = ["upgrade", "kubernetes-upgrade", "ready", "health"];

/**
 * Steps that are told what they printed last, which is known from nowhere else: membership, who is gone from the stack's files;
 * bootstrap, that there was a cluster before all controllers in them were exchanged.
 */
const remembering: readonly StepName[] = ["membership", "bootstrap"];

/** Every input of a step's command. */
const inputs = ["create", "environment", "stdin", "addPreviousOutputInEnv"];

/** How a step is registered beyond its parent and what it waits for. */
export interface StepOptions {
  readonly parent: pulumi.Resource;
  readonly dependsOn: pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
  /** Whether the step stays as it was last run: that of a machine on hold. */
  readonly frozen?: boolean;
}

/** Registers a step as a command that runs again whenever one of its inputs changes. */
export function registerStep(
  name: string,
  { step, timeoutSeconds, environment, credentials }: StepArgs,
  { parent, dependsOn, frozen = false }: StepOptions,
): command.local.Command {
  const deadline = `${timeoutSeconds + 30}s`;
  return new command.local.Command(
    name,
    {
      create: stepCommandLine(step),
      environment: { ...environment, DEADLINE_SECONDS: String(timeoutSeconds) },
      stdin: credentials,
      // A step decides on live state only; a long earlier output in its environment would keep it from starting.
      addPreviousOutputInEnv: remembering.includes(step),
    },
    {
      parent,
      dependsOn,
      customTimeouts: { create: deadline, update: deadline },
      ...(replacedSteps.includes(step)
        ? { replaceOnChanges: ["environment"], deleteBeforeReplace: true }
        : {}),
      ...(frozen ? { ignoreChanges: inputs } : {}),
    },
  );
}

/** Talos API credentials of a cluster in the form every step reads from stdin. */
export function stepCredentials(
  client: pulumi.Output<{ caCertificate: string; clientCertificate: string; clientKey: string }>,
): pulumi.Output<string> {
  const json = client.apply((given) =>
    JSON.stringify({
      ca: given.caCertificate,
      certificate: given.clientCertificate,
      key: given.clientKey,
    }),
  );
  return pulumi.secret(json);
}
