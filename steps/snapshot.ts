import { StepFailure } from "./failure";
import { observeControllers } from "./observe";
import { describeController, viewCluster } from "./quorum";
import { defineStep } from "./step";
import { takeSnapshot } from "./take-snapshot";
import * as variables from "./variables";

/** Saves a snapshot of etcd, by hand; preflight does the same before a risky run. */
export const snapshot = defineStep({
  name: "snapshot",
  summary: "a snapshot of etcd is saved, and the oldest ones are removed",
  variables: {
    clusterName: variables.clusterName,
    seeds: variables.seeds,
    snapshotDirectory: {
      ...variables.snapshotDirectory,
      fallback: { value: "snapshots", shown: "snapshots" },
    },
    deadlineSeconds: variables.deadlineSeconds(600),
  },
  async run({ clusterName, seeds, snapshotDirectory }, context) {
    const controllers = await observeControllers(context.talosctl, seeds);
    const cluster = viewCluster(controllers);
    if (cluster.kind !== "live") {
      throw new StepFailure({
        what: `${clusterName}: there is no live etcd to take a snapshot of.`,
        seen: controllers.map(describeController),
        left: "every machine; nothing was changed.",
        next: ["bring a controller back, then run talos-cluster snapshot again"],
      });
    }
    return takeSnapshot(
      {
        clusterName,
        directory: snapshotDirectory,
        cluster,
        controllers,
        next: ["mend that, then run talos-cluster snapshot again"],
      },
      context,
    );
  },
});
