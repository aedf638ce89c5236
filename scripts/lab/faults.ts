/** What can go wrong with a machine of the lab, by the names lab/internal/fault gives it, each with a line for people. */
export const labFaults = {
  "never-returns": "does not boot again after its next restart",
  "slow-boot": "takes 20 s longer to boot",
  "falls-back": "boots its old version after an upgrade",
  "pull-fails": "cannot pull an installer image: not found",
  "installer-fails": "its installer ends with exit code 1",
  "preflight-refuses": "its installer refuses the path from version to version",
  "etcd-down": "its etcd does not run, all else is well",
  "member-killed": "its etcd is killed once, and started again by Talos",
  "data-lost": "etcd's data directory is empty at its next start",
  "learner-stuck": "its etcd member joins and is never promoted",
  partition: "cut off from the other machines; people still reach it",
  "api-server-down": "its kube-apiserver does not run",
  "drain-blocked": "carries a pod that no disruption budget lets go",
  "node-not-ready": "its Kubernetes Node is not Ready",
  stranger: "another machine answers at its address, in maintenance mode",
  "certificate-mismatch": "serves a certificate for another address",
  "concurrent-apply": "refuses every config: another is just being applied",
  hang: "takes connections and answers nothing",
  off: "has no power",
} as const satisfies Record<string, string>;

/** Name of a fault. */
export type FaultName = keyof typeof labFaults;

/** Whether a fault has such a name. */
export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(labFaults, text);
}
