import type { EtcdMember } from "./etcd";
import { memberName } from "./etcd";
import { StepFailure } from "./failure";
import { label, type Machine } from "./machine";
import type { StepContext } from "./step";
import { TalosctlError } from "./talosctl-error";

/** etcd answers at once when it has a quorum, and not at all when it has none. */
const timeoutSeconds = 20;

/**
 * Takes a dead member out of etcd, through a controller that is well. One that is out already is no failure.
 *
 * Whoever calls this has seen that the machine is not there and that the others are a quorum.
 */
export async function removeMember(
  member: EtcdMember,
  through: Machine,
  { talosctl, output, dryRun }: StepContext,
): Promise<void> {
  const what = `the dead etcd member ${memberName(member)} (${member.id})`;
  if (dryRun) return output.phase(`would remove ${what}, through ${label(through)}`);
  output.phase(`removing ${what}, through ${label(through)}`);
  try {
    await talosctl.run(through, ["etcd", "remove-member", member.id], { timeoutSeconds });
  } catch (error) {
    if (!(error instanceof TalosctlError) || error.kind === "missing") throw error;
    if (error.kind === "not-found") return;
    throw new StepFailure({
      what: `${what} could not be removed: ${error.message}`,
      seen: [`asked through ${label(through)}`],
      left: "etcd as it is; no other machine was touched.",
      next: [
        `look at the members: talosctl --endpoints ${through.address} --nodes ${through.address} etcd members`,
        "then run pulumi up again: it goes on from here",
      ],
    });
  }
}
