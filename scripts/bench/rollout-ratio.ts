import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, type Figure } from "./figure";
import { RolloutLab, wave, workers } from "./rollout-lab";
import type { TalosctlCall } from "./talosctl-calls";
import { timedProgram } from "./timed-command";

const runs = 3;

/** What a roll-out costs beyond the checks and the applies themselves. */
export const rolloutRatio: Figure = {
  name: "rolloutRatio",
  description: `a new label for ${workers} workers in waves of ${wave}, against a shell script that makes the same calls of talosctl, medians of ${runs}`,
  limit: 2,
  async measure() {
    const rollout = await RolloutLab.start();
    try {
      const { lab, calls } = rollout;
      await rollout.rollOut(calls.environment(lab.environment));
      const script = join(lab.directory.path, "roll-out.sh");
      const seconds = { ours: [] as number[], script: [] as number[] };
      writeFileSync(script, scriptOf(calls.take(), lab.plan.workers));
      for (let index = 1; index <= runs; index++) {
        const environment = { ...lab.environment, LABEL: `script-${index}` };
        seconds.script.push(await timedProgram("bash", [script], environment));
        seconds.ours.push(await rollout.rollOut(lab.environment));
      }
      return median(seconds.ours) / median(seconds.script);
    } finally {
      await rollout.stop();
    }
  },
};

/** The calls that the steps made, machine by machine, with the apply where a person would write it. */
function scriptOf(calls: readonly TalosctlCall[], addresses: readonly string[]): string {
  const waves = Array.from({ length: Math.ceil(addresses.length / wave) }, (_, index) =>
    addresses.slice(index * wave, (index + 1) * wave),
  );
  const machines = addresses.map((address) => machineFunction(address, callsFor(address, calls)));
  const rollOut = waves.flatMap((each) => [...each.map((one) => `${nameOf(one)} &`), "wait"]);
  return ["set -u", ...machines, ...rollOut, ""].join("\n");
}

const nameOf = (address: string) => `machine_${address.replaceAll(".", "_")}`;

/** A step is one process, and asks the machine it is about: all its calls are that machine's. */
function callsFor(address: string, calls: readonly TalosctlCall[]): string[] {
  const parents = new Set(
    calls.filter(({ words }) => targetOf(words) === address).map(({ parent }) => parent),
  );
  return calls
    .filter(({ parent }) => parents.has(parent))
    .map(({ words }) => ["talosctl", ...withoutCredentials(words)].map(quoted).join(" "));
}

const targetOf = (words: readonly string[]) => words[words.indexOf("--nodes") + 1];

/** The script has them in TALOSCONFIG, the steps in a descriptor. */
function withoutCredentials(words: readonly string[]): readonly string[] {
  const index = words.indexOf("--talosconfig");
  return index < 0 ? words : [...words.slice(0, index), ...words.slice(index + 2)];
}

function machineFunction(address: string, calls: readonly string[]): string {
  const half = Math.ceil(calls.length / 2);
  const patch = `talosctl --endpoints ${address} --nodes ${address} patch machineconfig --mode no-reboot --patch '{"machine":{"nodeLabels":{"bench":"'"$LABEL"'"}}}'`;
  const quiet = (line: string) => `  ${line} >/dev/null 2>&1`;
  return [
    `${nameOf(address)}() {`,
    ...calls.slice(0, half).map(quiet),
    `${quiet(patch)} || exit 1`,
    ...calls.slice(half).map(quiet),
    "}",
  ].join("\n");
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
