/** Name of a step: what a person types after `talos-cluster`, and what a resource runs. */
export type StepName =
  | "preflight"
  | "upgrade"
  | "kubernetes-upgrade"
  | "gate"
  | "bootstrap"
  | "ready"
  | "membership"
  | "health"
  | "snapshot"
  | "reboot"
  | "reset";

/**
 * Shell line that runs a step.
 *
 * It is an input of resources in every stack, so it never changes and holds no path: Node resolves
 * the package by its name from the project directory, here by self-reference and elsewhere from
 * node_modules.
 */
export function stepCommandLine(step: StepName | "plan" | "check-patches"): string {
  return `node -e "import('talos-cluster/step')" ${step}`;
}
