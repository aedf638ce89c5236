import { addressesIn, defaultNetwork, networkOf } from "./network";
import type { CommittedStack } from "./committed-stack";
import { needsGeneratedFiles, type LabRequest } from "./settings";

/** Everything a lab is made from: a request with the committed stack's values in its gaps. */
export interface LabPlan {
  /** Talos release the machines boot. */
  readonly bootVersion: string;
  readonly talosVersion: string;
  readonly kubernetesVersion: string;
  readonly endpoint: string;
  readonly controllers: readonly string[];
  readonly workers: readonly string[];
  /** Machines that boot and stand in no nodes file. */
  readonly spares: readonly string[];
  /** Whether the lab has its own nodes file and stack config; else the committed ones are used in place. */
  readonly generated: boolean;
  /** More stack config, without the project's name before the keys. */
  readonly config: Readonly<Record<string, string>>;
}

/** The plan of a lab. A request for nothing is the committed stack as it is. */
export function labPlan(request: LabRequest, committed: CommittedStack): LabPlan {
  const generated = needsGeneratedFiles(request);
  const network =
    request.network ?? (generated ? networkOf(committed.endpoint) : undefined) ?? defaultNetwork;
  const addresses = addressesIn(generated ? network : networkOf(committed.endpoint), {
    controllers: request.controllers ?? committed.controllers.length,
    workers: request.workers ?? committed.workers.length,
    spares: request.spares ?? 0,
  });
  const { endpoint, controllers, workers } = generated ? addresses : committed;
  const talosVersion = request.talosVersion ?? committed.talosVersion;
  return {
    bootVersion: request.bootVersion ?? talosVersion,
    talosVersion,
    kubernetesVersion: request.kubernetesVersion ?? committed.kubernetesVersion,
    endpoint,
    controllers,
    workers,
    spares: addresses.spares,
    generated,
    config: request.config ?? {},
  };
}

/** Addresses of all machines that boot. */
export function machinesOf(plan: Pick<LabPlan, "controllers" | "workers" | "spares">): string[] {
  return [...plan.controllers, ...plan.workers, ...plan.spares];
}
