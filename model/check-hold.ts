import type { NodeInput } from "./cluster-input";
import type { Report } from "./report";
import { listed } from "./suggestion";

/** What is wrong with the controllers on hold: they count as down, and etcd goes on while more than half of all are up. */
export function checkHold(nodes: readonly NodeInput[], report: Report): void {
  const controllers = nodes.filter(({ controller }) => controller === true);
  const held = controllers.filter(({ hold }) => hold === true);
  if (held.length === 0) return;
  const quorum = Math.floor(controllers.length / 2) + 1;
  if (controllers.length - held.length >= quorum) return;
  const names = listed(held.map(({ name = "" }) => `"${name}"`));
  const most = controllers.length - quorum;
  const advice =
    most === 0
      ? "Hold none of them"
      : `Hold at most ${most} of them, or take one that is lost for good out of the file`;
  report(
    "nodes",
    held.length === controllers.length
      ? `every controller is on hold: ${names}. ${advice}: a machine on hold counts as down, and etcd needs ${quorum} of ${controllers.length}.`
      : `hold leaves ${controllers.length - held.length} of ${controllers.length} controllers: ${names} ${held.length === 1 ? "counts" : "count"} as down, and etcd needs ${quorum}. ${advice}.`,
  );
}
