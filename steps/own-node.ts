import { cordonAnnotation } from "./kubernetes-nodes";
import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";

/** Kubernetes Node of a machine, as the machine itself knows it. */
export interface OwnNode {
  readonly name: string;
  readonly cordoned: boolean;
  /** Which of our steps cordoned it. */
  readonly cordonedBy?: string;
}

/**
 * Node of a machine as it was told by it; none while the machine knows none.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/resources/k8s/node_status.go
 */
export async function readOwnNode(
  talosctl: Talosctl,
  machine: Machine,
): Promise<OwnNode | undefined> {
  try {
    const [status] = await talosctl.get(machine, "nodestatus");
    const { nodename, unschedulable, annotations } = (status?.spec ?? {}) as NodeStatusSpec;
    if (nodename === undefined || nodename === "") return undefined;
    const cordonedBy = annotations?.[cordonAnnotation];
    return {
      name: nodename,
      cordoned: unschedulable === true,
      ...(cordonedBy !== undefined && { cordonedBy }),
    };
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return undefined;
    throw error;
  }
}

interface NodeStatusSpec {
  readonly nodename?: string;
  readonly unschedulable?: boolean;
  readonly annotations?: Readonly<Record<string, string>> | null;
}
