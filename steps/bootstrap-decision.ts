import { label, type Machine } from "./machine";
import { describeController, holdsNoData, viewCluster, type ObservedController } from "./quorum";

/** What to do about the bootstrap, given what every controller answered. */
export type BootstrapDecision =
  /** The cluster is live: there is nothing to do. */
  | { readonly action: "done"; readonly because: string }
  /** Every controller is positively fresh and the named one waits for it. */
  | { readonly action: "bootstrap" }
  /** Not decided yet, but time may: a machine installs or restarts. */
  | { readonly action: "wait"; readonly for: string; readonly on: "itself" | "others" }
  /** Time will not help. */
  | { readonly action: "refuse"; readonly because: string };

/**
 * Decides once, from one look at all controllers.
 *
 * A second bootstrap makes a second cluster beside the first, so it needs proof from everyone: one
 * controller that cannot be asked may be the one that holds the data.
 */
export function decideBootstrap(
  node: Machine,
  controllers: readonly ObservedController[],
): BootstrapDecision {
  const cluster = viewCluster(controllers);
  if (cluster.kind === "live") {
    const members = cluster.members.length === 1 ? "1 member" : `${cluster.members.length} members`;
    return { action: "done", because: `${label(cluster.askedOf)} answers as one of ${members}` };
  }
  const foreign = controllers.find(({ state }) => state.kind === "foreign");
  if (foreign !== undefined) return { action: "refuse", because: describeController(foreign) };
  const unproven = controllers.filter(
    ({ machine, ...rest }) =>
      machine.address !== node.address && !holdsNoData({ machine, ...rest }),
  );
  if (unproven.length > 0) {
    return { action: "wait", for: unproven.map(describeController).join("; "), on: "others" };
  }
  return decideOnNode(node, controllers);
}

function decideOnNode(
  node: Machine,
  controllers: readonly ObservedController[],
): BootstrapDecision {
  const own = controllers.find(({ machine }) => machine.address === node.address);
  if (own === undefined) {
    return { action: "refuse", because: `${label(node)} is not among the controllers` };
  }
  if (own.etcd?.kind === "waiting") return { action: "bootstrap" };
  return { action: "wait", for: describeController(own), on: "itself" };
}

/** What an answer to `talosctl bootstrap` means. Only a plain refusal allows another try. */
export type BootstrapAnswer = "accepted" | "not-yet" | "unsure";

/** @see siderolabs/talos v1.13.0, v1alpha1_server.go: Bootstrap refuses before it touches anything */
export function judgeBootstrapError(kind: string): BootstrapAnswer {
  return kind === "failed-precondition" ? "not-yet" : "unsure";
}
