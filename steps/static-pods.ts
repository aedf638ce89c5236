import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import type { Resource } from "./talosctl-output";

/** A static pod that Talos wants on a machine, and what the kubelet made of it. */
export interface StaticPod {
  readonly name: string;
  readonly ready: boolean;
  /** Its definition is newer than its containers: the kubelet has not restarted it yet. */
  readonly outdated: boolean;
}

/** Static pods of a machine; on a controller the control plane's are among them. */
export async function readStaticPods(talosctl: Talosctl, machine: Machine): Promise<StaticPod[]> {
  const [pods, statuses] = await Promise.all([
    talosctl.get(machine, "staticpods"),
    talosctl.get(machine, "staticpodstatus"),
  ]);
  return joinStaticPods(pods, statuses);
}

/**
 * Joins definitions and states: `kube-apiserver` with `kube-system/kube-apiserver-<node>`.
 *
 * A pod without a state is not ready: on a machine that joins, Talos reports the machine ready
 * before it has rendered the pods (seen on Talos v1.13.0).
 */
export function joinStaticPods(
  pods: readonly Resource[],
  statuses: readonly Resource[],
): StaticPod[] {
  return pods.map(({ metadata, spec }) => {
    const { name = metadata.id, namespace = "kube-system" } = (spec as PodSpec).metadata ?? {};
    const found = statuses.find((status) => status.metadata.id.startsWith(`${namespace}/${name}-`));
    const status = found?.spec as PodStatus | undefined;
    return { name, ready: isReady(status), outdated: startedBefore(status, metadata.updated) };
  });
}

interface PodSpec {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** @see k8s.io/api v0.35 core/v1 PodStatus, as siderolabs/talos v1.13.0 keeps it */
interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: readonly {
    readonly state?: { readonly running?: { readonly startedAt?: string } };
  }[];
}

function isReady(status: PodStatus | undefined): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false
  );
}

/** Both times are the machine's own, to the second. */
function startedBefore(status: PodStatus | undefined, updated: string | undefined): boolean {
  const times = status?.containerStatuses?.map(({ state }) =>
    Date.parse(state?.running?.startedAt ?? ""),
  );
  return (times ?? []).some((started) => started < Date.parse(updated ?? ""));
}
