import { table } from "../lab/table";
import { victims, type MomentReport, type Victim } from "./moment";

/** What a soak came to. */
export interface SoakSummary {
  readonly seed: number;
  readonly moments: number;
  /** Steps that were over before their moment came. */
  readonly overBefore: number;
  readonly victims: Readonly<Record<Victim, number>>;
  /** What the next step did: how often it said so. */
  readonly next: Readonly<Record<string, number>>;
  readonly failures: readonly MomentReport[];
}

/** What the step after a kill may find, by its own words. */
const findings = {
  "waited for what still ran": /waiting for another step on it to end/,
  "saw an earlier upgrade through": /an earlier run upgraded it/,
  "only restarted the machine": /it is only restarted/,
  "found all done": /is up to date/,
};

export function soakSummary(seed: number, reports: readonly MomentReport[]): SoakSummary {
  const count = (holds: (report: MomentReport) => boolean) => reports.filter(holds).length;
  return {
    seed,
    moments: reports.length,
    overBefore: count(({ killed }) => killed === undefined),
    victims: Object.fromEntries(
      victims.map((victim) => [victim, count((report) => report.victim === victim)]),
    ) as Record<Victim, number>,
    next: Object.fromEntries(
      Object.entries(findings).map(([name, words]) => [
        name,
        count(({ nextOutput }) => words.test(nextOutput)),
      ]),
    ),
    failures: reports.filter(({ problems }) => problems.length > 0),
  };
}

/** The same for people, with what the steps of a failed moment said. */
export function soakText(summary: SoakSummary): string {
  const { seed, moments, overBefore, failures } = summary;
  const rows = [
    ...Object.entries(summary.victims).map(([victim, times]) => [`killed: ${victim}`, `${times}`]),
    ["over before", `${overBefore}`],
    ...Object.entries(summary.next).map(([finding, times]) => [`next: ${finding}`, `${times}`]),
  ];
  return [
    table(rows),
    "",
    ...failures.flatMap((failure) => [
      failureText(seed, failure),
      `again: npm run soak -- --seed ${seed} --moments ${failure.number}`,
    ]),
    `seed ${seed}: ${moments} moments, ${failures.length} failed`,
  ].join("\n");
}

/** A failed moment with all that was said. */
export function failureText(seed: number, report: MomentReport): string {
  const { number, machine, victim, problems, killedOutput, nextOutput } = report;
  return [
    `moment ${number} of seed ${seed} (${machine}, ${victim}): ${problems.join("; ")}`,
    `at ${report.milliseconds} ms from its ${report.origin}: ${report.killed ?? "nothing was killed"}`,
    `-- the step that was killed said:\n${killedOutput.trimEnd()}`,
    `-- the next one said:\n${nextOutput.trimEnd()}`,
  ].join("\n");
}
