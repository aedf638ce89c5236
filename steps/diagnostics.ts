import type { Machine } from "./machine";
import type { Talosctl } from "./talosctl";
import { TalosctlError } from "./talosctl-error";
import type { Resource } from "./talosctl-output";

/**
 * What Talos itself finds wrong with a machine, each in a sentence; nothing while it does not say.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/resources/runtime/diagnostic.go
 */
export async function readDiagnostics(talosctl: Talosctl, machine: Machine): Promise<string[]> {
  try {
    return (await talosctl.get(machine, "diagnostics")).map(describeDiagnostic);
  } catch (error) {
    if (error instanceof TalosctlError && error.kind !== "missing") return [];
    throw error;
  }
}

export function describeDiagnostic({ metadata, spec }: Resource): string {
  const { message = "", details = [] } = (spec ?? {}) as DiagnosticSpec;
  const more = details === null || details.length === 0 ? "" : ` (${details.join("; ")})`;
  const way =
    metadata.id === "kubelet-csr"
      ? "; look at kubectl get csr, and kubectl certificate approve them or install what does"
      : "";
  return `Talos finds: ${message || metadata.id}${more}${way}`;
}

interface DiagnosticSpec {
  readonly message?: string;
  readonly details?: readonly string[] | null;
}
