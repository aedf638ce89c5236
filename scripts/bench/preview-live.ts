import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { median, type Figure } from "./figure";
import { timedProgram } from "./timed-command";

const runs = 3;

/** What the reading of the machines costs a person who waits for a preview. */
export const previewLiveSeconds: Figure = {
  name: "previewLiveSeconds",
  description: `what reading 4 machines adds to a preview, difference of medians of ${runs}`,
  limit: 5,
  async measure({ fourMachines }) {
    const { environment } = (await fourMachines()).lab;
    const directory = mkdtempSync(join(tmpdir(), "talos-bench-"));
    try {
      const configFile = join(directory, "Pulumi.lab.yaml");
      writeFileSync(configFile, withoutReading(environment.PULUMI_OPTION_CONFIG_FILE ?? ""));
      const blind = { ...environment, PULUMI_OPTION_CONFIG_FILE: configFile };
      const seconds = { live: [] as number[], blind: [] as number[] };
      for (let index = 0; index < runs; index++) {
        seconds.blind.push(await timedProgram("pulumi", ["preview"], blind));
        seconds.live.push(await timedProgram("pulumi", ["preview"], environment));
      }
      return median(seconds.live) - median(seconds.blind);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** The lab's stack config with the live reading turned off. */
function withoutReading(configFile: string): string {
  const stack = parse(readFileSync(configFile, "utf8")) as { readonly config: object };
  return stringify({
    ...stack,
    config: { ...stack.config, "talos-cluster:preview": { live: false } },
  });
}
