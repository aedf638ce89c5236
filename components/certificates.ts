import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type * as talos from "@pulumiverse/talos";
import { mainDocumentKey } from "../model/document-key";
import { parseMachineConfig } from "../model/machine-config";
import { settledValue } from "./known";

/** Client certificate of the Talos API with its authority and key, as the plugin gives it. */
type Client = talos.types.output.machine.ClientConfiguration;

const longestRenewalHours = 90 * 24;

/**
 * How long before its end the certificate of the kubeconfig is renewed, as a Go duration: 90 days, or a third of its life where a
 * patch (`cluster.adminKubeconfig.certLifetime`) made that short. A window longer than the life would renew it in every run.
 */
export function kubeconfigRenewal(
  machineConfiguration: pulumi.Output<string>,
): pulumi.Output<string> {
  return pulumi.unsecret(
    machineConfiguration.apply((text: string | undefined) => {
      // None where --target left out the machine in the run that was to make its config.
      const documents = text === undefined ? undefined : parseMachineConfig(text);
      const main = documents?.get(mainDocumentKey) as MainDocument | undefined;
      const hours = hoursOf(main?.cluster?.adminKubeconfig?.certLifetime) ?? Infinity;
      const minutes = Math.floor(Math.min(longestRenewalHours, hours / 3) * 60);
      return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
    }),
  );
}

interface MainDocument {
  readonly cluster?: { readonly adminKubeconfig?: { readonly certLifetime?: string } };
}

const hoursOfUnit: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600 };

/** Hours of a Go duration such as `8h30m`; none for what is not one: the machine refuses that itself. */
function hoursOf(duration: string | undefined): number | undefined {
  const parts = [...(duration ?? "").matchAll(/([\d.]+)(h|m|s)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * hoursOfUnit[unit!]!, 0);
}

/**
 * Renewal of the client certificate that all of a cluster's credentials come from.
 *
 * The plugin makes a new one in the last month of the old (0.8.1, not earlier). A preview then knows neither, and every step and config
 * shows a change: this says why, and keeps the old certificate for reading the machines.
 */
export class CertificateRenewal {
  private replaced: Client | undefined;
  private readonly hook: pulumi.ResourceHook;

  constructor(
    name: string,
    private readonly component: pulumi.Resource,
  ) {
    this.hook = new pulumi.ResourceHook(`${name}-before-renewal`, (args) => this.before(args), {
      onDryRun: true,
    });
  }

  /** What the cluster's Secrets are registered with. */
  get hooks(): pulumi.ResourceHookBinding {
    return { beforeUpdate: [this.hook] };
  }

  /**
   * The certificate in use, when it is about to be renewed; asked once the new one, known or not, is there.
   *
   * Throws when it has ended: no machine would believe who asks.
   */
  replacedClient(): Client | undefined {
    if (this.replaced !== undefined && endOf(this.replaced) < new Date())
      throw new Error("the client certificate has ended, and this run renews it");
    return this.replaced;
  }

  private async before({ oldOutputs }: pulumi.ResourceHookArgs): Promise<void> {
    const old = await clientOf(oldOutputs);
    if (old === undefined) return;
    this.replaced = old;
    if (pulumi.runtime.isDryRun()) void pulumi.log.info(renewalText(old), this.component);
  }
}

function renewalText(client: Client): string {
  const day = endOf(client).toISOString().slice(0, "2026-12-31".length);
  return (
    `talosconfig: its client certificate ends on ${day}, and this run renews it. Every step checks again, and every machine is sent ` +
    "the config it has, one at a time behind its gate: nothing reboots for it."
  );
}

function endOf({ clientCertificate }: Client): Date {
  return new Date(new X509Certificate(Buffer.from(clientCertificate, "base64")).validTo);
}

async function clientOf(outputs: Record<string, unknown> | undefined): Promise<Client | undefined> {
  const client = await settledValue(pulumi.output(outputs?.clientConfiguration));
  return client;
}
