import * as pulumi from "@pulumi/pulumi";
import type { NodeSpec } from "../model/cluster-spec";
import { configText } from "../model/config-text";
import { parseMachineConfig } from "../model/machine-config";
import { redactConfig, type SecretLeaf } from "../model/redaction";
import type { BootImagesOutput, MachineOutput } from "./talos-cluster-args";

/** A machine, and its rendered config with what is needed to show it. */
export interface ShownMachine {
  readonly node: NodeSpec;
  readonly address: pulumi.Input<string>;
  readonly config: pulumi.Output<string>;
  readonly secretLeaves: pulumi.Output<readonly SecretLeaf[]>;
}

/** What redaction needs to know, and may never show. */
export interface RedactionSecrets {
  /** Key of the digests that stand for secrets. */
  readonly key: pulumi.Output<string>;
  /** Values of secret patch variables. */
  readonly values: pulumi.Output<readonly string[]>;
}

/** What people want to know of each machine, by its name; with redaction, the whole config too. */
export function machineOutputs(
  machines: readonly ShownMachine[],
  redaction: RedactionSecrets | undefined,
): pulumi.Output<Record<string, MachineOutput>> {
  const outputs = machines.map((machine): [string, pulumi.Input<MachineOutput>] => [
    machine.node.name,
    pulumi
      .all([machine.address, redaction && redacted(machine, redaction)])
      .apply(([address, config]) => machineOutput(machine.node, address, config)),
  ]);
  return pulumi.output(Object.fromEntries(outputs));
}

/** Where to get what each machine boots from, by its name. */
export function bootImageOutputs(nodes: readonly NodeSpec[]): Record<string, BootImagesOutput> {
  return Object.fromEntries(
    nodes.map(({ name, images: { iso, disk, pxe } }) => [name, { iso, disk, pxe }]),
  );
}

function machineOutput(
  { role, talosVersion, schematicId, images }: NodeSpec,
  address: string,
  config: string | undefined,
): MachineOutput {
  const facts = { role, address, talosVersion, installerImage: images.installer, schematicId };
  return config === undefined ? facts : { ...facts, config };
}

/**
 * The whole config, plain: every secret in it has become a digest under the cluster's own secret. None where `--target` left out the
 * machine in the run that was to make its config.
 */
function redacted(
  { config, secretLeaves }: ShownMachine,
  redaction: RedactionSecrets,
): pulumi.Output<string | undefined> {
  const shown = pulumi
    .all([
      config as pulumi.Output<string | undefined>,
      secretLeaves,
      redaction.key,
      redaction.values,
    ])
    .apply(([text, leaves, key, secretValues]) =>
      text === undefined
        ? undefined
        : configText(
            redactConfig(parseMachineConfig(text), { key, secretLeaves: leaves, secretValues }),
          ),
    );
  return pulumi.unsecret(shown);
}
