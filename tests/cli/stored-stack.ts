import type { StepName } from "../../steps/command-line";
import { stepCommandLine } from "../../steps/command-line";
import { credentials } from "../steps/process/run-step";

const commonId = "1".repeat(64);
export const otherId = "2".repeat(64);

export const imageOf = (id: string, version: string) =>
  `factory.talos.dev/metal-installer/${id}:${version}`;

/** What the last preflight of the made-up stack was told. */
export const preflight = {
  CLUSTER_NAME: "test",
  OLDEST_TALOS_VERSION: "v1.12",
  TALOS_VERSION: "v1.12.0",
  KUBERNETES_VERSION: "v1.35.0",
  SCHEMATIC_ID: commonId,
  CONTROLLERS:
    "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13,controller-4=10.0.0.14,controller-5=10.0.0.15",
  WORKERS: "worker-1=10.0.0.21,worker-2=10.0.0.22",
  DEADLINE_SECONDS: "600",
};

/** What a step of one machine was told when it last ended well. */
export function toldMachine(name: string, address: string, role: string, changes: object = {}) {
  return {
    CLUSTER_NAME: "test",
    TALOS_VERSION: "v1.12.0",
    SEEDS: "controller-1=10.0.0.11,controller-2=10.0.0.12,controller-3=10.0.0.13",
    NODE: name,
    ADDRESS: address,
    ROLE: role,
    INSTALLER_IMAGE: imageOf(commonId, "v1.12.0"),
    SCHEMATIC_ID: commonId,
    DEADLINE_SECONDS: "1800",
    ...changes,
  };
}

const urn = (type: string, name: string) => `urn:pulumi:dev::project::${type}::${name}`;

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** A step as `pulumi stack export --show-secrets` prints it. */
export function storedStep(
  name: string,
  step: StepName,
  environment: object,
  outputs: object = {},
): object {
  return {
    urn: urn("command:local:Command", name),
    type: "command:local:Command",
    inputs: {
      create: stepCommandLine(step),
      environment,
      stdin: secret(JSON.stringify(credentials)),
    },
    outputs,
  };
}

/** A machine's config that was applied. */
export function storedConfig(name: string, node: string): object {
  const type = "talos:machine/configurationApply:ConfigurationApply";
  return { urn: urn(type, name), type, inputs: { node }, outputs: {} };
}

/** Text of an export. */
export function exported(...resources: object[]): string {
  const stack = { urn: urn("pulumi:pulumi:Stack", "project-dev"), type: "pulumi:pulumi:Stack" };
  return JSON.stringify({ version: 3, deployment: { resources: [stack, ...resources] } });
}
