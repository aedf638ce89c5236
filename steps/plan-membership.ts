import { memberName } from "./etcd";
import type { PlanObservation } from "./plan-observation";
import type { PlanRequest } from "./plan-request";
import { membershipChange, membershipProblems } from "./preflight-membership";
import { viewCluster } from "./quorum";

/** What becomes of etcd members that the stack names no longer. */
export interface LeavingMembers {
  /** A line each. */
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

/** Members that are no controller of the stack, as one of the controllers lists them; none where none was asked. */
export function leavingMembers(
  observations: readonly PlanObservation[],
  { machines, onRemove }: PlanRequest,
): LeavingMembers {
  const cluster = viewCluster(observations);
  if (cluster.kind !== "live") return { lines: [], problems: [] };
  const change = membershipChange(cluster.members, machines, observations);
  return {
    lines: change.leaving.map(
      (member) =>
        `${memberName(member)} is an etcd member and no controller of the stack${fate(onRemove)}`,
    ),
    // A wiped machine is told with the machine itself.
    problems: membershipProblems({ ...change, wiped: [] }, onRemove ?? "forget"),
  };
}

function fate(onRemove: PlanRequest["onRemove"]): string {
  switch (onRemove) {
    case "reset":
      return ": it will be drained, leave etcd, and be reset";
    case "forget":
      return ": onRemove: forget leaves it a member, and only the stack forgets it";
    case undefined:
      return "";
  }
}
