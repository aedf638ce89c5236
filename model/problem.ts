/** Something wrong with an input: where, and what, with the value and the way out. */
export interface Problem {
  /** Place of the value, as a person would write it, for example `nodes["cp-1"].address`. */
  readonly path: string;
  /** One or two sentences: what is wrong, then what is allowed or what to do next. */
  readonly text: string;
}

/** What a check found. Problems stop the run; warnings are shown and the run goes on. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** What several checks found, as one. */
export function mergeFindings(findings: readonly Findings[]): Findings {
  return {
    problems: findings.flatMap(({ problems }) => problems),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

/** One problem as a line of text. */
export function problemLine(problem: Problem): string {
  return `${problem.path}: ${problem.text}`;
}

/** All problems of a run as one text, in the order of their paths, each said once. */
export function describeProblems(subject: string, problems: readonly Problem[]): string {
  const lines = [...new Set(problems.map(problemLine))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return `${subject} has ${count}; nothing was changed:\n${lines.map((line) => ` - ${line}`).join("\n")}`;
}
