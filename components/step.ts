import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { stepCommandLine, type StepName } from "../steps/command-line";

/** What a step is given: words that a person can read, and one secret. */
export interface StepArgs {
  readonly step: StepName;
  readonly timeoutSeconds: number;
  readonly environment: Record<string, pulumi.Input<string>>;
  /** Talos API credentials as JSON; goes in through stdin and nowhere else. */
  readonly credentials: pulumi.Output<string>;
}

/** Registers a step as a command that runs again whenever one of its inputs changes. */
export function registerStep(
  name: string,
  args: StepArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const deadline = `${args.timeoutSeconds + 30}s`;
  return new command.local.Command(
    name,
    {
      create: stepCommandLine(args.step),
      environment: { ...args.environment, DEADLINE_SECONDS: String(args.timeoutSeconds) },
      stdin: args.credentials,
      // A step decides on live state only; a long earlier output in its environment would keep it from starting.
      addPreviousOutputInEnv: false,
    },
    { ...opts, customTimeouts: { create: deadline, update: deadline } },
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
