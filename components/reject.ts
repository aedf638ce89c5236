import * as pulumi from "@pulumi/pulumi";
import { describeProblems, problemLine, type Findings, type Problem } from "../model/problem";
import { lateError } from "./late-error";

/** Stops the run with all problems at once, without a stack trace; shows warnings and goes on. */
export function reject(
  component: pulumi.ComponentResource,
  subject: string,
  findings: Findings,
): void {
  if (findings.problems.length > 0) {
    // Not InputPropertiesError: in a local component it prints as an unhandled exception.
    throw new pulumi.ResourceError(describeProblems(subject, findings.problems), component, true);
  }
  for (const line of new Set(findings.warnings.map(problemLine)))
    void pulumi.log.warn(line, component);
}

/** A leaf that is checked as soon as it is known: at once when it is plain (checkCluster did so), else during the run. */
export function checkedLater(
  path: string,
  value: pulumi.Input<string>,
  check: (value: string) => string | undefined,
): pulumi.Input<string> {
  if (typeof value === "string") return value;
  return pulumi.output(value).apply((known) => {
    const text = check(known);
    if (text !== undefined) throw lateError(describeProblems("The cluster", [{ path, text }]));
    return known;
  });
}

/** Stops the run when a text that became known during it has problems. */
export function rejectLater(problems: readonly Problem[]): void {
  if (problems.length > 0) throw lateError(describeProblems("The cluster", problems));
}
